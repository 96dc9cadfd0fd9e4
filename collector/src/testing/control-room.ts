import type { Approval, Command } from '@signalbox/event-model';
import { GrafanaSigner } from './grafana-signer.ts';
import type { TestAgent } from './test-agent.ts';
import { startTestCollector, type TestCollector } from './test-collector.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';
import { randomTraceId } from './trace-changes.ts';

const SECRET = 'the-secret-of-the-proxy';

/** An answer of the API. */
export interface Answered<T> {
  status: number;
  body: T;
}

/** A collector behind a stand-in of Grafana, and people who ask it things through that. */
export class ControlRoom {
  readonly grafana: GrafanaSigner;
  readonly db: TestDatabase;
  readonly collector: TestCollector;
  #keys = 0;

  private constructor(grafana: GrafanaSigner, db: TestDatabase, collector: TestCollector) {
    this.grafana = grafana;
    this.db = db;
    this.collector = collector;
  }

  static async open(environment: Record<string, string> = {}): Promise<ControlRoom> {
    const grafana = new GrafanaSigner();
    await grafana.start();
    const db = await createTestDatabase();
    const collector = await startTestCollector(db.url, {
      SIGNALBOX_PROXY_SECRET: SECRET,
      SIGNALBOX_GRAFANA_ISSUER: grafana.issuer,
      ...environment,
    });
    return new ControlRoom(grafana, db, collector);
  }

  async close(): Promise<void> {
    await this.collector.stop();
    await this.grafana.stop();
    await this.db.drop();
  }

  newKey(): string {
    return `key-of-test-${(this.#keys += 1)}`;
  }

  /** What Grafana's proxy sends along for somebody. */
  async headersOf(login: string, role: string): Promise<Record<string, string>> {
    return { 'x-signalbox-proxy': SECRET, 'x-grafana-id': await this.grafana.token(login, role) };
  }

  /** Asks as somebody with a role; a body makes it a POST. */
  async ask<T>(login: string, role: string, path: string, body?: unknown): Promise<Answered<T>> {
    const answer = await fetch(`${this.collector.api}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(await this.headersOf(login, role)),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as T };
  }

  anna<T>(path: string, body?: unknown): Promise<Answered<T>> {
    return this.ask<T>('anna', 'Editor', path, body);
  }

  /** Has an agent ask for something; gives the approval as people see it. */
  async openRequest(agent: TestAgent, more: Record<string, unknown> = {}): Promise<Approval> {
    const id = `request-${randomTraceId()}`;
    agent.send({
      type: 'approval.request',
      id,
      traceId: randomTraceId(),
      action: 'publish_report',
      args: { path: 'reports/a.md', copies: 2 },
      reason: 'the report is ready',
      risk: 'high',
      ...more,
    });
    await agent.until(() => agent.frames.some((frame) => frame.type === 'approval.stored' && frame.id === id));
    const stored = agent.frames.find((frame) => frame.type === 'approval.stored' && frame.id === id);
    return (await this.anna<Approval>(`/api/approvals/${(stored as { approvalId: string }).approvalId}`)).body;
  }

  /** Body of a decision on what was shown. */
  decision(approval: Approval, what: string, more: Record<string, unknown> = {}) {
    return { decision: what, shownHash: approval.shownHash, idempotencyKey: this.newKey(), ...more };
  }

  async settledCommand(id: string, state: string): Promise<Command> {
    for (;;) {
      const { body } = await this.anna<Command>(`/api/commands/${id}`);
      if (body.state === state) return body;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** UUID form of a trace id. */
export function runIdOf(traceId: string): string {
  return traceId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
