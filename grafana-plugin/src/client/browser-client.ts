import { CollectorApi } from './collector-api.ts';
import type { CollectorTransport } from './collector-http.ts';
import { ControlApi } from './control-api.ts';
import { ControlHub } from './control-hub.ts';
import { FeedHub } from './feed-hub.ts';
import type { LivePorts, SocketHandlers } from './live-connection.ts';

const hubs = new Map<string, FeedHub>();

/** The hub of one collector in this page; asking again gives the same one. */
export function hubFor(base: string, renewSession: CollectorTransport['renewSession']): FeedHub {
  const known = hubs.get(base);
  if (known) return known;
  const api = createBrowserApi(base, renewSession);
  const hub = new FeedHub(api, browserPorts(api));
  hubs.set(base, hub);
  window.addEventListener('online', () => hub.retryNow());
  return hub;
}

const controls = new Map<string, ControlHub>();

/** What people do to approvals and runs of one collector; asking again gives the same one. */
export function controlFor(base: string, renewSession: CollectorTransport['renewSession']): ControlHub {
  const known = controls.get(base);
  if (known) return known;
  const transport = { fetch: (url: string, init: RequestInit) => window.fetch(url, init), renewSession };
  const hub = new ControlHub(new ControlApi(base, transport), sessionStore());
  controls.set(base, hub);
  return hub;
}

/** Lasts as long as the tab; null where the browser forbids it. */
function sessionStore(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

/** Reads one collector with the browser's own fetch. */
export function createBrowserApi(base: string, renewSession: CollectorTransport['renewSession']): CollectorApi {
  return new CollectorApi(base, { fetch: (url, init) => window.fetch(url, init), renewSession });
}

/** Opens a stream, waits for its hello, and closes it. */
export function openOnce(url: string, timeoutMs = 10_000): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.close();
      reject(new Error(`no answer within ${timeoutMs / 1000} s`));
    }, timeoutMs);
    const socket = openSocket(url, {
      onMessage: () => {
        clearTimeout(timer);
        resolve();
        socket.close();
      },
      onClose: () => {
        clearTimeout(timer);
        reject(new Error('the connection was refused'));
      },
    });
  });
}

function browserPorts(api: CollectorApi): LivePorts {
  return {
    openSocket,
    probe: async () => {
      await api.renewSession().catch(() => undefined);
      await api.status();
    },
    schedule: (run, delayMs) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    random: Math.random,
    now: Date.now,
  };
}

/** Opens a socket by the page's own protocol and host, whatever sub-path `url` starts with. */
function openSocket(url: string, handlers: SocketHandlers): { close: () => void } {
  const address = new URL(url, window.location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(address);
  socket.onmessage = (message: MessageEvent<unknown>) => {
    if (typeof message.data === 'string') handlers.onMessage(message.data);
  };
  socket.onclose = () => handlers.onClose();
  return { close: () => socket.close() };
}
