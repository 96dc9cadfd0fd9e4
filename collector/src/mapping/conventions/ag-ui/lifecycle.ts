import type { FailureFacts } from '../../facts.ts';
import { asText, firstField } from '../../reading/coerce.ts';
import type { StreamEvent, StreamRun } from './stream-runs.ts';

/** A stretch of a run: a step, a sub-agent. */
export interface Stretch {
  /** Tells the stretches of one name apart. */
  key: string;
  name: string;
  startNs: bigint;
  /** Null while it goes on. */
  endNs: bigint | null;
  failure: FailureFacts | null;
  /** Indexes of its first and last event in the run. */
  from: number;
  to: number;
  first: StreamEvent;
}

/** When a run ended and how; null while it goes on. */
export interface RunEnd {
  atNs: bigint;
  failure: FailureFacts | null;
}

/** The end of a run: the last of the events that say so. */
export function endOf(run: StreamRun): RunEnd | null {
  const last = run.events.findLast(({ type }) => type === 'RUN_FINISHED' || type === 'RUN_ERROR');
  if (last === undefined) return null;
  return { atNs: last.atNs, failure: last.type === 'RUN_ERROR' ? failureOf(last) : null };
}

function failureOf({ event }: StreamEvent): FailureFacts {
  const message = firstField(event, ['message', 'error']) ?? 'failed without a message';
  return { message, errorType: asText(event['code']), stack: null };
}

/** Graph steps of a run. */
export function collectSteps(run: StreamRun): Stretch[] {
  return collectStretches(run, 'STEP', (event) => asText(event['stepName']));
}

const SUBAGENT_NAMES = ['subagentName', 'agentName', 'name', 'subagentId', 'agentId'];

/** Sub-agents of a run. */
export function collectSubagents(run: StreamRun): Stretch[] {
  return collectStretches(run, 'SUBAGENT', (event) => firstField(event, SUBAGENT_NAMES));
}

type NameOf = (event: StreamEvent['event']) => string | null;

/** An end closes the latest open stretch of its name; what is still open ends with the run. */
function collectStretches(run: StreamRun, prefix: string, nameOf: NameOf): Stretch[] {
  const found: Stretch[] = [];
  const counts = new Map<string, number>();
  for (const [at, event] of run.events.entries()) {
    const name = event.type.startsWith(`${prefix}_`) ? nameOf(event.event) : null;
    if (name === null) continue;
    if (event.type === `${prefix}_STARTED`) {
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      found.push(begun(`${name}#${count}`, name, event, at));
      continue;
    }
    const open = found.findLast((each) => each.name === name && each.endNs === null);
    if (open === undefined) continue;
    open.endNs = event.atNs;
    open.to = at;
    open.failure = event.type === `${prefix}_ERROR` ? failureOf(event) : null;
  }
  const end = endOf(run);
  for (const each of found)
    if (each.endNs === null && end !== null) Object.assign(each, { endNs: end.atNs, failure: end.failure });
  return found;
}

function begun(key: string, name: string, first: StreamEvent, at: number): Stretch {
  return { key, name, startNs: first.atNs, endNs: null, failure: null, from: at, to: Number.MAX_SAFE_INTEGER, first };
}
