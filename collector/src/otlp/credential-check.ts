import { createHash, timingSafeEqual } from 'node:crypto';

/** Named credential of a sender. */
export interface IngestKey {
  name: string;
  key: string;
}

/** Headers a credential may come in. */
export interface CredentialHeaders {
  authorization: string | undefined;
  apiKey: string | undefined;
}

const BEARER = /^bearer +(\S+) *$/i;

/**
 * Checks `authorization: Bearer <key>` or `x-api-key: <key>`. Digests are compared, and with every key, so that neither
 * length nor position of a match shows in the time taken.
 */
export function createCredentialCheck(keys: readonly IngestKey[]): (headers: CredentialHeaders) => boolean {
  const digests = keys.map((entry) => digest(entry.key));
  if (digests.length === 0) return () => true;
  return ({ authorization, apiKey }) => {
    const candidates = [authorization === undefined ? undefined : BEARER.exec(authorization)?.[1], apiKey];
    let isKnown = false;
    for (const candidate of candidates) {
      if (candidate === undefined) continue;
      const candidateDigest = digest(candidate);
      for (const known of digests) isKnown = timingSafeEqual(known, candidateDigest) || isKnown;
    }
    return isKnown;
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
