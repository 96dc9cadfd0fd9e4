import type { RunPart } from '../views/run-part.ts';
import { itemsOf, MappingDriver, type Item } from './mapping-driver.ts';
import { readFixture } from './fixtures.ts';
import { span } from './span-builder.ts';

/** The task that ends with a trace: the parts it continues first, as the collector joins them. */
export function taskOf(items: readonly Item[], lastTrace: string): RunPart[] {
  const driver = new MappingDriver();
  driver.add(items);
  const all = new Map(driver.derivations());
  const parts: RunPart[] = [];
  let traceId: string | null = [...all.keys()].find((id) => id.startsWith(lastTrace)) ?? null;
  while (traceId !== null) {
    const derivation = all.get(traceId);
    if (derivation === undefined) break;
    parts.unshift({ traceId, derivation });
    traceId = derivation.run.continuesTraceId;
  }
  return parts;
}

/** Everything a recording holds. */
export function recordedItems(name: string): Item[] {
  return itemsOf(readFixture(name));
}

/** What a test says of a LangGraph node's span. */
export interface NodeSketch {
  id: string;
  /** Namespace of the node run, `planner:1` or `sub:1|inner:2`. */
  ns: string;
  step: number;
  trace?: string;
  parent?: string;
  /** Name of the span where it is not the node's own: something that ran inside. */
  name?: string;
  from: number;
  to: number;
  error?: string;
}

/** A LangGraph node as OpenInference tells it. */
export function nodeSpan({ id, ns, step, name, ...rest }: NodeSketch): Item {
  const node = ns.split('|').at(-1)?.split(':')[0] ?? '';
  const metadata = { thread_id: 't', langgraph_node: node, langgraph_step: step, langgraph_checkpoint_ns: ns };
  return {
    span: span({
      id,
      name: name ?? node,
      ...rest,
      attributes: { 'openinference.span.kind': 'CHAIN', metadata: JSON.stringify(metadata) },
    }),
  };
}

/** The root span of a LangGraph run. */
export function graphSpan(sketch: {
  id: string;
  trace?: string;
  parent?: string;
  from: number;
  to: number;
  input?: unknown;
}): Item {
  const { input, ...rest } = sketch;
  return {
    span: span({
      name: 'LangGraph',
      ...rest,
      attributes: {
        'openinference.span.kind': 'CHAIN',
        metadata: JSON.stringify({ thread_id: 't' }),
        ...(input === undefined ? {} : { 'input.value': JSON.stringify(input) }),
      },
    }),
  };
}
