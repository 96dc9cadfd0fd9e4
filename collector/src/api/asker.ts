import type { Request } from 'express';
import type { Asker } from './control-port.ts';
import { identityOf } from './guard.ts';

/** Who asks. A credential without a person behind it asks as a Viewer. */
export function askerOf(request: Request): Asker {
  const { kind, login, name, person } = identityOf(request);
  const via = kind === 'session' ? 'console' : kind === 'grafana' ? 'grafana' : 'key';
  return { principal: { login, name, via }, role: person ?? 'Viewer' };
}
