import { getBackendSrv } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';

/**
 * Grafana rotates its session token every ten minutes, which only its own HTTP client can do: a raw socket or fetch
 * with a stale token is refused. One small request through it renews the token.
 */
export async function renewSession(base: string): Promise<void> {
  const request = { url: `${base}/api/status`, method: 'GET', showErrorAlert: false, showSuccessAlert: false };
  await lastValueFrom(getBackendSrv().fetch(request));
}
