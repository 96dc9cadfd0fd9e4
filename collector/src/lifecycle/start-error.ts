/** The collector cannot start. The message is one sentence or two for the operator: what is wrong and the remedy. */
export class StartError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StartError';
  }
}
