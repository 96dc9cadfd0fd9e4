import type { IncomingHttpHeaders } from 'node:http';
import { sameSecret } from './identity.ts';

/**
 * Names the ingest key an agent shows (`authorization: Bearer` or `x-api-key`); undefined when it is none of ours. Where
 * no keys are set, only this machine can connect, and every agent is `local`.
 */
export function createCredentialName(
  keys: readonly { name: string; key: string }[],
): (headers: IncomingHttpHeaders) => string | undefined {
  if (keys.length === 0) return () => 'local';
  return ({ authorization, 'x-api-key': apiKey }) => {
    const shown = typeof apiKey === 'string' ? apiKey : authorization?.replace(/^bearer\s+/i, '');
    if (shown === undefined) return undefined;
    // Every key is compared, so that the time taken does not tell which came close.
    return keys.filter(({ key }) => sameSecret(key, shown)).at(0)?.name;
  };
}
