import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as sendRequest,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import datasource from '../src/datasource/plugin.json' with { type: 'json' };
import app from '../src/plugin.json' with { type: 'json' };

/** What an administrator entered. */
export interface ProxySettings {
  collectorUrl: string;
  secureJsonData: Record<string, string>;
  /** Serves everything that is not proxied (the pages). */
  pages: string;
  /** Role of the visitor; an Editor when it does not matter. */
  role?: 'Viewer' | 'Editor';
}

interface Route {
  path: string;
  method: string;
  url?: string;
  reqAction?: string;
  headers?: { name: string; content: string }[];
}

interface Target {
  url: URL;
  headers: IncomingHttpHeaders;
}

const APP_PREFIX = '/api/plugin-proxy/signalbox-agents-app/';
const SETTINGS_PATH = '/api/plugins/signalbox-agents-app/settings';
const SOURCE_PREFIX = '/api/datasources/proxy/uid/';

/**
 * Grafana's two proxies as far as they decide what reaches the collector: which routes match, which headers are taken
 * from the browser's request, and which are added on the server.
 */
export class GrafanaProxy {
  readonly #settings: ProxySettings;
  readonly #server = createServer((request, response) => this.#forward(request, response));
  address = '';

  constructor(settings: ProxySettings) {
    this.#settings = settings;
  }

  async start(): Promise<this> {
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#upgrade(request, socket, head),
    );
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const bound = this.#server.address();
    this.address = `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`;
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #target(request: IncomingMessage): Target | 'no-route' | 'denied' {
    const url = new URL(request.url ?? '/', 'http://grafana');
    if (url.pathname.startsWith(APP_PREFIX)) return this.#appTarget(request, url);
    if (url.pathname.startsWith(SOURCE_PREFIX)) return this.#sourceTarget(request, url);
    return { url: new URL(url.pathname + url.search, this.#settings.pages), headers: request.headers };
  }

  /** Routes are matched with wildcards; only what the wildcard stood for is appended to the route's URL. */
  #appTarget(request: IncomingMessage, url: URL): Target | 'no-route' | 'denied' {
    const path = url.pathname.slice(APP_PREFIX.length);
    for (const route of app.routes as Route[]) {
      const prefix = route.path.replace('*', '');
      const matches = route.path.endsWith('*') ? path.startsWith(prefix) : path === prefix;
      if (route.method !== request.method || !matches) continue;
      if (!this.#mayUse(route)) return 'denied';
      const rest = path.slice(prefix.length);
      const target = new URL(this.#fill(route.url ?? '') + (rest === '' ? '' : `/${rest}`));
      target.search = url.search;
      const headers = strip(request.headers, ['cookie', 'authorization']);
      return { url: target, headers: { ...headers, 'x-grafana-context': '{}', ...this.#routeHeaders(route) } };
    }
    return 'no-route';
  }

  /** Editors have what the app's roles grant to Editors. */
  #mayUse({ reqAction }: Route): boolean {
    if (reqAction === undefined) return true;
    const granted = app.roles.filter(({ grants }) => grants.includes(this.#settings.role ?? 'Editor'));
    return granted.some(({ role }) => role.permissions.some(({ action }) => action === reqAction));
  }

  /** Routes are matched by prefix; what matches none goes through without their headers. */
  #sourceTarget(request: IncomingMessage, url: URL): Target {
    const path = url.pathname.slice(SOURCE_PREFIX.length).replace(/^[^/]+\//, '');
    const route = (datasource.routes as Route[]).find(
      (candidate) => candidate.method === request.method && path.startsWith(candidate.path),
    );
    const target = new URL(path, `${this.#settings.collectorUrl}/`);
    target.search = url.search;
    const headers = strip(request.headers, ['cookie', 'authorization']);
    const chosen = headers['x-ds-authorization'];
    if (typeof chosen === 'string') headers.authorization = chosen;
    delete headers['x-ds-authorization'];
    return { url: target, headers: { ...headers, ...(route ? this.#routeHeaders(route) : {}) } };
  }

  #routeHeaders(route: Route): IncomingHttpHeaders {
    return Object.fromEntries(
      (route.headers ?? []).map(({ name, content }) => [name.toLowerCase(), this.#fill(content)]),
    );
  }

  /** Go's templates, as far as the routes use them: a missing secret is empty, a missing setting says so. */
  #fill(template: string): string {
    const { collectorUrl, secureJsonData } = this.#settings;
    return template
      .replace(/\{\{\s*\.JsonData\.collectorUrl\s*\}\}/g, collectorUrl || '<no value>')
      .replace(/\{\{\s*\.SecureJsonData\.(\w+)\s*\}\}/g, (_match, name: string) => secureJsonData[name] ?? '');
  }

  /** Stores what the configuration page sends; a secret that is not sent stays as it was. */
  async #save(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { jsonData, secureJsonData } = JSON.parse(Buffer.concat(chunks).toString()) as {
      jsonData: { collectorUrl: string };
      secureJsonData: Record<string, string>;
    };
    this.#settings.collectorUrl = jsonData.collectorUrl;
    Object.assign(this.#settings.secureJsonData, secureJsonData);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"message":"Plugin settings updated"}');
  }

  #forward(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === 'POST' && request.url === SETTINGS_PATH) return void this.#save(request, response);
    const target = this.#target(request);
    if (target === 'no-route') {
      response.writeHead(404, { 'content-type': 'application/json' });
      return void response.end(JSON.stringify({ message: 'plugin route match not found' }));
    }
    if (target === 'denied') {
      response.writeHead(403, { 'content-type': 'application/json' });
      return void response.end(JSON.stringify({ message: 'plugin proxy route access denied' }));
    }
    const onward = sendRequest(
      target.url,
      { method: request.method ?? 'GET', headers: forUpstream(target) },
      (answer) => {
        const headers = { ...answer.headers };
        delete headers['set-cookie'];
        response.writeHead(answer.statusCode ?? 502, headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.writeHead(502).end());
    request.pipe(onward);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const target = this.#target(request);
    if (typeof target === 'string') return void socket.destroy();
    const onward = sendRequest(target.url, { headers: forUpstream(target) });
    onward.on('upgrade', (answer, upstream, first) => {
      const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${String(value)}`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
      if (first.length > 0) socket.write(first);
      if (head.length > 0) upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
      socket.on('error', () => upstream.destroy());
      upstream.on('error', () => socket.destroy());
    });
    onward.on('response', () => socket.destroy());
    onward.on('error', () => socket.destroy());
    onward.end();
  }
}

function forUpstream(target: Target): IncomingHttpHeaders {
  return {
    ...strip(target.headers, ['origin', 'referer', 'x-forwarded-host', 'x-grafana-user']),
    host: target.url.host,
  };
}

function strip(headers: IncomingHttpHeaders, names: string[]): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}
