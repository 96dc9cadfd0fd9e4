import { setTimeout as wait } from 'node:timers/promises';
import type { DeliveryReport } from '../../runtime.ts';
import type { LangGraphClient, LangGraphRun } from './langgraph-client.ts';

/** Waits between looks at a run: each look keeps the server from saving for a while, so they grow apart. */
const WAITS_MS = [150, 250, 500, 1000, 2000, 4000, 4000, 4000, 8000, 8000, 16_000, 16_000, 30_000];

/** What is read back. */
export interface ReadBack {
  client: LangGraphClient;
  run: LangGraphRun;
  /** What the run is to show. */
  expects: 'stop' | 'task' | { answerTo: string };
}

/**
 * Looks at a run until it shows what a command did. An answer counts when the run that carries it has ended well or goes
 * on with it; a stop counts when the run says `interrupted`.
 */
export async function readBack(what: ReadBack, report: (step: DeliveryReport) => Promise<void>): Promise<void> {
  const { client, run } = what;
  let isAcknowledged = false;
  for (const [look, ms] of WAITS_MS.entries()) {
    await wait(ms, undefined, { ref: false });
    const now = await client.run(run.thread_id, run.run_id).catch(() => null);
    if (now === null) continue;
    const verdict = verdictOn(what, now, look);
    if (verdict !== null) return report(verdict);
    if (!isAcknowledged && now.status === 'running') {
      isAcknowledged = true;
      await report({ state: 'acked', evidence: `run ${run.run_id} is running` });
    }
  }
  await report({
    state: 'failed',
    evidence: null,
    problem: `The server took it, but run ${run.run_id} showed no effect in time. After a restart of the server such a run stays as it is.`,
  });
}

function verdictOn({ expects, run }: ReadBack, now: LangGraphRun, look: number): DeliveryReport | null {
  if (expects === 'stop') return stopVerdict(now);
  const id = run.run_id;
  if (now.status === 'error' || now.status === 'timeout')
    return { state: 'failed', evidence: `run ${id}: ${now.status}`, problem: `Run ${id} ended with ${now.status}.` };
  if (expects !== 'task' && now.kwargs?.command?.resume?.[expects.answerTo] === undefined)
    return { state: 'failed', evidence: `run ${id}`, problem: 'The run does not carry the answer.' };
  return progressOf(now, look);
}

function progressOf({ run_id: id, status }: LangGraphRun, look: number): DeliveryReport | null {
  if (status === 'success' || status === 'interrupted')
    return { state: 'effective', evidence: `run ${id} took it and is ${status}` };
  // A long step: the answer is in the run that is at work, and nothing else can take it out again.
  return status === 'running' && look >= 4 ? { state: 'effective', evidence: `run ${id} goes on with it` } : null;
}

function stopVerdict(now: LangGraphRun): DeliveryReport | null {
  if (now.status === 'running' || now.status === 'pending') return null;
  if (now.status === 'interrupted')
    return {
      state: 'effective',
      evidence: `run ${now.run_id} is interrupted; a tool that ignores this may still be at work`,
    };
  return { state: 'effective', evidence: `run ${now.run_id} had ended already: ${now.status}` };
}
