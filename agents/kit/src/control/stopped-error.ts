/** Who stopped a run, and why. */
export interface Stop {
  traceId: string;
  /** Login of the person. */
  by: string;
  reason: string | undefined;
}

/** A person stopped the run: `checkpoint()` throws it, and the abort signal of the run carries it. */
export class StoppedError extends Error {
  readonly code = 'signalbox_stopped';
  readonly traceId: string;
  readonly by: string;
  readonly reason: string | undefined;

  constructor({ traceId, by, reason }: Stop) {
    super(`The run was stopped by ${by}${reason === undefined ? '' : `: ${reason}`}.`);
    this.name = 'StoppedError';
    this.traceId = traceId;
    this.by = by;
    this.reason = reason;
  }
}
