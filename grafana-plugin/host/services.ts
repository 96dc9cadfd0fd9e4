import { EventBusSrv } from '@grafana/data';
import { type BackendSrv, type BackendSrvRequest, setAppEvents, setBackendSrv, setEchoSrv } from '@grafana/runtime';
import { Observable } from 'rxjs';
import { goToSignIn } from './session.ts';

/** Answers what our plugin asks of Grafana's services; everything else of Grafana does not exist here. */
export function provideServices(): void {
  setAppEvents(new EventBusSrv());
  setEchoSrv({ addBackend: () => undefined, addEvent: () => undefined, flush: () => undefined });
  const backend = {
    fetch: (request: BackendSrvRequest) => observe(request),
    get: (url: string) => send({ url }).then((response) => response.data),
  };
  setBackendSrv(backend as unknown as BackendSrv);
}

function observe(request: BackendSrvRequest): Observable<unknown> {
  return new Observable((subscriber) => {
    send(request).then(
      (response) => {
        subscriber.next(response);
        subscriber.complete();
      },
      (error: unknown) => subscriber.error(error),
    );
  });
}

async function send(request: BackendSrvRequest): Promise<{ status: number; data: unknown }> {
  const init: RequestInit = { method: request.method ?? 'GET', credentials: 'same-origin' };
  if (request.data !== undefined) {
    init.body = JSON.stringify(request.data);
    init.headers = { 'content-type': 'application/json' };
  }
  const response = await fetch(request.url, init);
  if (response.status === 401) goToSignIn();
  const data: unknown = await response.json().catch(() => null);
  if (!response.ok) return Promise.reject({ status: response.status, data });
  return { status: response.status, data };
}
