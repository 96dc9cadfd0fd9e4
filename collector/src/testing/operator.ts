import { setTimeout as wait } from 'node:timers/promises';
import type { Approval, ApprovalPage, Command, EventPage, Problem, Run } from '@signalbox/event-model';
import type { GrafanaSigner } from './grafana-signer.ts';

/** Looks again and again until there is something; what cannot be looked at now counts as nothing. */
export async function eventually<T>(look: () => Promise<T | undefined | false | null>): Promise<T> {
  for (;;) {
    const found = await look().catch(() => undefined);
    if (found !== undefined && found !== false && found !== null) return found;
    await wait(25);
  }
}

/** The run a command is about. */
export function runOf({ target }: Command): string {
  return String(target.runId);
}

let keys = 0;

/** Somebody who works with agents through Grafana. */
export class Operator {
  readonly #api: () => string;
  readonly #grafana: GrafanaSigner;
  readonly #secret: string;

  constructor(api: () => string, grafana: GrafanaSigner, secret: string) {
    this.#api = api;
    this.#grafana = grafana;
    this.#secret = secret;
  }

  async ask<T>(path: string, body?: object, role = 'Editor'): Promise<T> {
    const answer = await fetch(`${this.#api()}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        'x-signalbox-proxy': this.#secret,
        'x-grafana-id': await this.#grafana.token('anna', role),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined
        ? {}
        : { body: JSON.stringify({ idempotencyKey: `key-${(keys += 1)}-of-test`, ...body }) }),
    });
    return (await answer.json()) as T;
  }

  /** Starts a run of the agent `coder`. */
  start(text: string, more: object = {}): Promise<Command> {
    return this.ask('/api/agents/coder/runs', { text, ...more });
  }

  inState(commandId: string, ...states: string[]): Promise<Command> {
    return eventually(async () => {
      const command = await this.ask<Command>(`/api/commands/${commandId}`);
      return states.includes(command.state) && command;
    });
  }

  settled(commandId: string): Promise<Command> {
    return this.inState(commandId, 'effective', 'refused', 'failed', 'expired');
  }

  runWith(id: string, ...statuses: string[]): Promise<Run> {
    return eventually(async () => {
      const run = await this.ask<Run>(`/api/runs/${id}`);
      return statuses.includes(run.status) && run;
    });
  }

  async eventsOf(runId: string): Promise<EventPage['events']> {
    return (await this.ask<EventPage>(`/api/events?run=${runId}&limit=200&order=oldest`)).events;
  }

  async said(runId: string): Promise<string[]> {
    const events = await this.eventsOf(runId);
    return events.filter(({ type }) => type === 'chat_message').map(({ summary }) => summary);
  }

  async approvalsOf(runId: string): Promise<Approval[]> {
    return (await this.ask<ApprovalPage>(`/api/approvals?run=${runId}`)).approvals;
  }

  /** The open questions of a run, once there are so many and telemetry tells of them too. */
  waiting(runId: string, count = 1): Promise<Approval[]> {
    return eventually(async () => {
      const all = await this.approvalsOf(runId);
      const open = all.filter(({ status, eventId }) => status === 'pending' && eventId !== null);
      return open.length === count && open;
    });
  }

  decide(approval: Approval, decision: string, more: object = {}): Promise<Command & Problem> {
    const { id, shownHash } = approval;
    return this.ask(`/api/approvals/${id}/decision`, { decision, shownHash, ...more });
  }

  /** Starts a run and waits for what it asks. */
  async paused(text: string, count = 1): Promise<{ run: string; open: Approval[] }> {
    const run = runOf(await this.start(text));
    return { run, open: await this.waiting(run, count) };
  }
}
