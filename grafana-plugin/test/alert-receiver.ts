import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a collector sends when an approval waits. */
export interface Alert {
  type: string;
  approvalId: string;
  text: string;
  url: string;
}

/** Whoever is told of waiting approvals: keeps what the collector's webhook sends. */
export class AlertReceiver {
  readonly #alerts: Alert[] = [];
  #waiting: (() => void)[] = [];
  readonly #server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      this.#alerts.push(JSON.parse(body) as Alert);
      response.end();
      for (const look of this.#waiting) look();
    });
  });

  /** Listens; resolves with the address for the webhook. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** The first alert that fits, once it is here. */
  async alert(fits: (alert: Alert) => boolean): Promise<Alert> {
    for (;;) {
      const found = this.#alerts.find(fits);
      if (found) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
