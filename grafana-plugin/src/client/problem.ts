import type { Problem } from '@signalbox/event-model';

/** Why the collector could not be read, in the few kinds a reader can act on differently. */
export type FailureKind = 'unreachable' | 'denied' | 'not_found' | 'database' | 'refused';

/** A failed request to the collector. */
export class CollectorError extends Error {
  readonly kind: FailureKind;
  /** HTTP status; 0 when there was no answer at all. */
  readonly status: number;
  /** The collector's own words, when it sent any. */
  readonly problem: Problem | null;

  constructor(status: number, problem: Problem | null, cause?: unknown) {
    super(problem?.detail ?? problem?.title ?? (status === 0 ? 'no answer' : `HTTP ${status}`), { cause });
    this.name = 'CollectorError';
    this.status = status;
    this.problem = problem;
    this.kind = kindOf(status, problem);
  }
}

/** Brings whatever was thrown into one form. */
export function toCollectorError(error: unknown): CollectorError {
  return error instanceof CollectorError ? error : new CollectorError(0, null, error);
}

/** Reads a body as a problem when it is one; proxies answer with forms of their own. */
export function parseProblem(body: unknown): Problem | null {
  if (typeof body !== 'object' || body === null) return null;
  const candidate = body as Partial<Problem> & { message?: unknown };
  if (typeof candidate.code === 'string' && typeof candidate.title === 'string') return candidate as Problem;
  if (typeof candidate.message !== 'string') return null;
  return { type: 'about:blank', title: candidate.message, status: 0, code: 'proxy', detail: candidate.message };
}

function kindOf(status: number, problem: Problem | null): FailureKind {
  if (status === 401 || status === 403) return 'denied';
  if (status === 404) return 'not_found';
  if (problem?.code.includes('database')) return 'database';
  if (status === 0 || status === 502 || status === 503 || status === 504) return 'unreachable';
  return 'refused';
}
