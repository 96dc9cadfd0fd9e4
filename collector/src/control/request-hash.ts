import { createHash } from 'node:crypto';
import { canonicalJson } from '../mapping/reading/coerce.ts';

/** Hash of what is asked, without its key: the same key may only repeat the same question. */
export function requestHash(kind: string, subject: string, request: object): string {
  const asked: { idempotencyKey?: string } = { ...request };
  delete asked.idempotencyKey;
  return createHash('sha256').update(canonicalJson({ kind, subject, asked })).digest('hex');
}
