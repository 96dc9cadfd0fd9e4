import type { Request, RequestHandler } from 'express';
import { sameSecret, type Authenticator, type Identity } from './identity.ts';
import { ProblemError } from './problem.ts';

const identities = new WeakMap<Request, Identity>();

/** The identity the guard found; every route behind it has one. */
export function identityOf(request: Request): Identity {
  const identity = identities.get(request);
  if (!identity) throw new Error('route without guard');
  return identity;
}

/** Lets nothing pass without a credential, and no change without the session's CSRF token. */
export function guard(authenticator: Authenticator): RequestHandler {
  return async (request, _response, next) => {
    const result = await authenticator.authenticate(request);
    if (!('identity' in result)) throw refusal(result.refused, request);
    const { identity } = result;
    if (request.method !== 'GET' && request.method !== 'HEAD') checkChange(request, identity);
    identities.set(request, identity);
    next();
  };
}

function refusal(reason: 'none' | 'wrong_key' | 'foreign_origin', request: Request): ProblemError {
  if (reason === 'foreign_origin')
    return new ProblemError(403, 'foreign_origin', 'The request comes from another site.');
  if (reason === 'wrong_key') {
    return new ProblemError(
      403,
      'wrong_key',
      'The read key is not the one this collector expects.',
      'Compare it with SIGNALBOX_READ_KEY of the collector.',
    );
  }
  // Grafana sends a request again after a 401, so a call that came through its proxies never gets one.
  const proxied = Object.keys(request.headers).some(
    (name) => name.startsWith('x-grafana-') || name === 'x-signalbox-proxy',
  );
  return new ProblemError(
    proxied ? 403 : 401,
    'not_signed_in',
    'This needs a console session or the read key.',
    'Open the sign-in link the collector printed, or send "Authorization: Bearer <SIGNALBOX_READ_KEY>".',
  );
}

function checkChange(request: Request, identity: Identity): void {
  if (identity.kind === 'read_key') throw new ProblemError(403, 'read_only', 'The read key cannot change anything.');
  if (!sameSecret(request.get('x-signalbox-csrf') ?? '', identity.csrfToken)) {
    throw new ProblemError(
      403,
      'csrf',
      "The request lacks the session's CSRF token.",
      'Send X-Signalbox-Csrf with the token of GET /api/session.',
    );
  }
}
