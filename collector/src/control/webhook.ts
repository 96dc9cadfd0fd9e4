import { createHmac } from 'node:crypto';
import type { StoredApproval } from './control-store.ts';

/** Where and how to tell of waiting approvals. */
export interface WebhookOptions {
  url: string;
  /** Key of the signature. */
  secret: string;
  /** Where people open Signalbox: Grafana's address, or the console's. */
  publicUrl: () => string;
  store: WebhookStore;
  report: (error: unknown) => void;
}

/** What the webhook needs of the database. */
export interface WebhookStore {
  /** Waiting approvals nobody was told of; each is handed to one collector, and again a minute later if that one died. */
  claimUntold(): Promise<StoredApproval[]>;
  markTold(id: string): Promise<void>;
  /** It could not be told: it is due again after so many seconds. */
  tellAgain(id: string, seconds: number): Promise<void>;
}

const EVERY_MS = 1_000;
const MOST_FAILED = 1_000;
const TIMEOUT_MS = 5_000;
/** Pauses before the next try, in seconds; the last one stays. Somebody waits for the alert, so the first is short. */
const PAUSES_S = [2, 10, 60];

/** Sends a signed message for each approval that waits: words and a link, nothing to decide with and no content. */
export class Webhook {
  readonly #options: WebhookOptions;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> = Promise.resolve();
  #failed = false;
  /** Tries that failed, by approval. */
  readonly #tries = new Map<string, number>();

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      this.#sending = this.#sending.then(() => this.#sendAll());
    }, EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    const { store } = this.#options;
    try {
      for (const approval of await store.claimUntold()) await this.#tell(approval);
    } catch (error) {
      this.#complain(error);
    }
  }

  async #tell(approval: StoredApproval): Promise<void> {
    const { store } = this.#options;
    const { id } = approval;
    const tries = this.#tries.get(id) ?? 0;
    this.#tries.delete(id);
    try {
      await this.#send(approval);
      await store.markTold(id);
      this.#failed = false;
    } catch (error) {
      this.#complain(error);
      if (this.#tries.size < MOST_FAILED) this.#tries.set(id, tries + 1);
      await store.tellAgain(id, PAUSES_S[Math.min(tries, PAUSES_S.length - 1)] ?? 60);
    }
  }

  #complain(error: unknown): void {
    if (!this.#failed) this.#options.report(error);
    this.#failed = true;
  }

  async #send(approval: StoredApproval): Promise<void> {
    const { url, secret, publicUrl } = this.#options;
    const body = JSON.stringify(messageOf(approval, publicUrl()));
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        'content-type': 'application/json',
        'x-signalbox-signature': signature(body, secret, Math.floor(Date.now() / 1000)),
      },
      body,
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`the webhook answered ${answer.status}`);
  }
}

/** `t=<seconds>,v1=<hex>`: HMAC-SHA-256 over `<seconds>.<body>`, so that a message cannot be sent again later. */
export function signature(body: string, secret: string, seconds: number): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

function messageOf(approval: StoredApproval, publicUrl: string): Record<string, unknown> {
  const { id, agent, action, risk, workflow, expiresAt } = approval;
  const where = workflow === null ? '' : ` in ${workflow}`;
  const until = expiresAt === null ? '' : ` It lapses at ${expiresAt}.`;
  return {
    type: 'approval.waiting',
    approvalId: id,
    text: `${agent ?? 'An agent'}${where} asks to ${action} (${risk} risk).${until}`,
    url: `${publicUrl.replace(/\/+$/, '')}/a/signalbox-agents-app/approvals/${id}`,
    risk,
    workflow,
    expiresAt,
  };
}
