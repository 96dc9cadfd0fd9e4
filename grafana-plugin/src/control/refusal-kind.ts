import type { CollectorError } from '../client/problem.ts';

/** Why an order was not taken, in the kinds a person acts on differently. */
export type RefusalKind =
  | 'settled'
  | 'changed'
  | 'expired'
  | 'forbidden'
  | 'not_offered'
  | 'run_stopped'
  | 'already_voted'
  | 'capability'
  | 'not_found'
  | 'unavailable'
  | 'offline'
  | 'other';

const BY_CODE: Record<string, RefusalKind> = {
  interrupt_not_pending: 'settled',
  changed_since_shown: 'changed',
  expired: 'expired',
  not_allowed: 'forbidden',
  decision_not_offered: 'not_offered',
  run_stopped: 'run_stopped',
  already_voted: 'already_voted',
  capability_missing: 'capability',
  not_found: 'not_found',
};

const BY_STATUS: Record<number, RefusalKind> = {
  0: 'offline',
  401: 'forbidden',
  403: 'forbidden',
  404: 'not_found',
  410: 'expired',
  422: 'not_offered',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

/** Sorts a refusal; proxies in between answer with a status alone. */
export function refusalKind(error: CollectorError): RefusalKind {
  return BY_CODE[error.problem?.code ?? ''] ?? BY_STATUS[error.status] ?? 'other';
}

/** Whether the same attempt may be sent again: it is not known to have been refused. */
export function mayTryAgain(kind: RefusalKind): boolean {
  return kind === 'offline' || kind === 'unavailable';
}
