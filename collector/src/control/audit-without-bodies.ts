import { createHash } from 'node:crypto';
import { canonicalJson } from '../mapping/reading/coerce.ts';
import type { AuditDraft } from './audit-entry.ts';

// What says which thing it was and how far it came; everything else may be somebody's words.
const STRUCTURE = new Set([
  'decision',
  'action',
  'shownHash',
  'risk',
  'expiresAt',
  'kind',
  'state',
  'from',
  'until',
  'votes',
]);
// These are the operator's own and say nothing of agents.
const OPERATORS = /^(?:policy|sign_in)(?:\.|$)/;

/**
 * An entry as it is kept where only metadata is: words give way to their hash, so that whoever has them can still prove that
 * they were the ones.
 */
export function withoutBodies(draft: AuditDraft): AuditDraft {
  if (OPERATORS.test(draft.action)) return draft;
  const { reason, detail } = draft;
  return {
    ...draft,
    ...(typeof reason === 'string' ? { reason: hashed(reason) } : {}),
    ...(detail === undefined ? {} : { detail: Object.fromEntries(Object.entries(detail).map(withoutBody)) }),
  };
}

function withoutBody([key, value]: [string, unknown]): [string, unknown] {
  const isPlain = typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined;
  return [
    key,
    isPlain || STRUCTURE.has(key) ? value : hashed(typeof value === 'string' ? value : canonicalJson(value)),
  ];
}

function hashed(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
