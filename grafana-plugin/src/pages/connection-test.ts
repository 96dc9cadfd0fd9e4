import type { CollectorStatus } from '@signalbox/event-model';
import type { CollectorApi } from '../client/collector-api.ts';
import { type CollectorError, toCollectorError } from '../client/problem.ts';

/** Steps of the connection test, in order. */
export const TEST_STEPS = ['reach', 'key', 'version', 'database', 'events', 'stream', 'policy'] as const;

/** Name of a step. */
export type TestStep = (typeof TEST_STEPS)[number];

/** How one step went. */
export interface StepResult {
  step: TestStep;
  outcome: 'ok' | 'failed' | 'skipped';
  ms: number;
  /** The collector's words, or a value worth knowing such as its version. */
  detail: string | null;
}

/** Oldest collector this plugin can read. */
export const OLDEST_COLLECTOR = '0.1.0';

/** What the test needs: the collector and a way to open its stream. */
export interface TestPorts {
  api: CollectorApi;
  /** Resolves when the stream said hello. */
  openStream: () => Promise<void>;
  /** Tells which policy is in force, or fails with what is wrong with it; null where the collector does not tell. */
  policy: () => Promise<string | null>;
  now: () => number;
}

/** Tests the connection step by step; after the first failure the rest is skipped, for it would fail for that reason. */
export async function testConnection(ports: TestPorts, onStep: (result: StepResult) => void): Promise<void> {
  let status: CollectorStatus | null = null;
  let failure: CollectorError | null = null;
  const started = ports.now();
  try {
    status = await ports.api.status();
  } catch (error) {
    failure = toCollectorError(error);
  }
  const ms = ports.now() - started;
  const checks: [TestStep, () => Promise<string | null>][] = [
    ['reach', () => failUnless(!failure || failure.kind === 'denied', failure?.message)],
    ['key', () => failUnless(failure === null, failure?.message)],
    ['version', () => failUnless(isNewEnough(status?.version ?? ''), status?.version, status?.version)],
    ['database', () => failUnless(status?.database === 'ok', status?.database)],
    ['events', () => ports.api.events({}, { order: 'newest', limit: 1 }).then(() => null)],
    ['stream', () => ports.openStream().then(() => null)],
  ];
  let broken = false;
  for (const [step, check] of checks) {
    if (broken) {
      onStep({ step, outcome: 'skipped', ms: 0, detail: null });
      continue;
    }
    const result = await runStep(step, check, ports.now);
    onStep(step === 'reach' ? { ...result, ms } : result);
    broken = result.outcome === 'failed';
  }
  if (broken) return;
  const policy = await runStep('policy', ports.policy, ports.now);
  if (policy.outcome === 'failed' || policy.detail !== null) onStep(policy);
}

/** True when a version is not older than the oldest this plugin reads. */
export function isNewEnough(version: string): boolean {
  const wanted = OLDEST_COLLECTOR.split('.').map(Number);
  const parts = version.split(/[.-]/).map(Number);
  for (const [index, least] of wanted.entries()) {
    const part = parts[index];
    if (part === undefined || Number.isNaN(part)) return false;
    if (part !== least) return part > least;
  }
  return true;
}

async function runStep(step: TestStep, check: () => Promise<string | null>, now: () => number): Promise<StepResult> {
  const started = now();
  try {
    const detail = await check();
    return { step, outcome: 'ok', ms: now() - started, detail };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { step, outcome: 'failed', ms: now() - started, detail };
  }
}

function failUnless(
  condition: boolean,
  words: string | undefined,
  detail: string | null = null,
): Promise<string | null> {
  return condition ? Promise.resolve(detail) : Promise.reject(new Error(words ?? 'failed'));
}
