import type { Request, RequestHandler } from 'express';
import { sameSecret, type Authentication, type Authenticator, type Identity } from './identity.ts';
import { ProblemError } from './problem.ts';

type Refused = Exclude<Authentication, { identity: Identity }>;

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
    if ('refused' in result) throw refusal(result, request);
    const { identity } = result;
    if (request.method !== 'GET' && request.method !== 'HEAD') checkChange(request, identity);
    identities.set(request, identity);
    next();
  };
}

function refusal(result: Refused, request: Request): ProblemError {
  if (result.refused === 'token') {
    const { code, message } = result.error;
    return new ProblemError(
      code === 'keys_unreachable' ? 503 : 403,
      code,
      message,
      'Reload the page in Grafana, then try again.',
    );
  }
  const reason = result.refused;

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
  if (identity.kind === 'proxy') {
    throw new ProblemError(
      403,
      'no_person',
      'The request shows no Grafana user, so it cannot change anything.',
      'Set SIGNALBOX_GRAFANA_ISSUER on the collector to the root_url of this Grafana.',
    );
  }
  // Browsers send other sites' forms without asking, but never JSON.
  if (identity.kind === 'grafana') {
    if (request.is('application/json') === false)
      throw new ProblemError(415, 'not_json', 'Changes are sent as application/json.');
    return;
  }
  if (!sameSecret(request.get('x-signalbox-csrf') ?? '', identity.csrfToken)) {
    throw new ProblemError(
      403,
      'csrf',
      "The request lacks the session's CSRF token.",
      'Send X-Signalbox-Csrf with the token of GET /api/session.',
    );
  }
}
