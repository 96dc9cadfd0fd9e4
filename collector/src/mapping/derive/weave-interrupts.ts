import type { InterruptFacts, ProposedCall } from '../facts.ts';
import { proposedCalls } from '../reading/messages.ts';
import { toolInterrupt } from '../reading/span-defaults.ts';
import { bySpanStart, type SpanEntry } from './span-view.ts';
import type { Weaving } from './told.ts';

/**
 * Strands states an interrupt on the cycle and the agent around the tool that asked. The tool's
 * own span, or the call the model made, takes it over: the call waits, and its id joins the trace that resumes it.
 */
export function weaveInterrupts(weaving: Weaving, seeking: readonly SpanEntry[]): void {
  // From the inside out: the innermost knows the question.
  for (const { spanId } of [...seeking].sort(bySpanStart).reverse()) {
    const raised = weaving.get(spanId);
    if (raised === null || raised.pending) continue;
    const inside = weaving.entries.filter((entry) => isInside(weaving, entry, spanId)).sort(bySpanStart);
    const tool = raised.facts.tool === null ? interruptedTool(inside) : raised;
    const interrupts = raised.facts.interrupts.filter(({ seeksTool }) => seeksTool === true);
    const rest = raised.facts.interrupts.filter(({ seeksTool }) => seeksTool !== true);
    if (tool !== null) {
      weaving.change(spanId, { interrupts: rest });
      const asked = interrupts.map((interrupt) => aboutTool(interrupt, toCall(tool)));
      const known = weaving.get(tool.spanId)?.facts.interrupts ?? [];
      // Agent and cycle both tell of it: one question a tool.
      const own = known.filter(({ seeksTool, weak }) => seeksTool !== true && !weak);
      weaving.change(tool.spanId, { failure: null, interrupts: own.length > 0 ? own : asked });
      continue;
    }
    const call = openCall(inside);
    if (call !== null)
      weaving.change(spanId, { interrupts: interrupts.map((interrupt) => aboutTool(interrupt, call)) });
  }
}

function isInside(weaving: Weaving, entry: SpanEntry, spanId: string): boolean {
  let above = weaving.get(entry.parentSpanId);
  for (let level = 0; above !== null && level < 8; level++) {
    if (above.spanId === spanId) return true;
    above = weaving.get(above.parentSpanId);
  }
  return false;
}

/** The last tool without a result, or one that asked itself. */
function interruptedTool(inside: readonly SpanEntry[]): SpanEntry | null {
  const tools = inside.filter(({ facts }) => facts.tool !== null);
  return (
    tools.findLast(({ facts }) => facts.interrupts.length > 0) ??
    tools.findLast(({ facts }) => facts.tool?.result === undefined) ??
    null
  );
}

function toCall({ facts }: SpanEntry): ProposedCall {
  return { callId: facts.tool?.callId ?? null, tool: facts.tool?.name ?? facts.title, args: facts.tool?.args };
}

/** The last call a model made inside that no tool ran. */
function openCall(inside: readonly SpanEntry[]): ProposedCall | null {
  const ran = new Set(inside.map(({ facts }) => facts.tool?.callId ?? null));
  const calls = inside.flatMap(({ facts }) => proposedCalls(facts.model?.answer ?? []));
  return calls.findLast(({ callId }) => !ran.has(callId)) ?? null;
}

function aboutTool(interrupt: InterruptFacts, call: ProposedCall): InterruptFacts {
  const about = toolInterrupt(call.tool, call.callId, call.args ?? {});
  // One question passes through several spans: the call is what it is about in all of them.
  return { ...about, id: call.callId ?? interrupt.id, question: interrupt.weak ? null : interrupt.action };
}
