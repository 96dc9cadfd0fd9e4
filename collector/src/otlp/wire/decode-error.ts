/** The one failure of the wire readers: the body is damaged as a whole and repeating it cannot help. */
export class DecodeError extends Error {
  readonly code = 'OTLP_MALFORMED';

  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'DecodeError';
  }
}
