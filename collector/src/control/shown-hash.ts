import { createHash } from 'node:crypto';
import { canonicalJson } from '../mapping/reading/coerce.ts';

/**
 * What a person saw, as one value: SHA-256 (hex) over action and arguments in canonical JSON. A decision names it, so
 * arguments that changed since are never approved by mistake.
 */
export function shownHash(action: string, args: unknown): string {
  return createHash('sha256')
    .update(canonicalJson({ action, args: args ?? null }))
    .digest('hex');
}
