import type { ModelContext } from '../facts.ts';
import { proposedCalls } from '../reading/messages.ts';
import { bySpanStart, type SpanEntry } from './span-view.ts';
import type { Weaving } from './told.ts';

/**
 * Mastra puts prompt and answer on the step around a model call, and tool calls of an interrupted answer only on the
 * chunks inside it. What the call's own span states wins.
 */
export function weaveContext(weaving: Weaving): void {
  const inside = new Map<string, ModelContext[]>();
  for (const entry of weaving.entries.sort(bySpanStart)) {
    const context = entry.facts.modelContext;
    if (context?.place !== 'inside' || entry.parentSpanId === null) continue;
    const group = inside.get(entry.parentSpanId);
    if (group === undefined) inside.set(entry.parentSpanId, [context]);
    else group.push(context);
  }
  for (const entry of weaving.entries) {
    if (entry.facts.model === null) continue;
    const contexts = [...around(weaving, entry), ...(inside.get(entry.spanId) ?? [])];
    if (contexts.length > 0) weaving.change(entry.spanId, { model: withContext(entry.facts.model, contexts) });
  }
}

/** Contexts of the parent and grandparent: the step and the generation. */
function around(weaving: Weaving, entry: SpanEntry): ModelContext[] {
  const parent = weaving.get(entry.parentSpanId);
  const contexts = [parent, weaving.get(parent?.parentSpanId ?? null)].map((above) => above?.facts.modelContext);
  return contexts.filter((context): context is ModelContext => context?.place === 'around');
}

type Model = NonNullable<SpanEntry['facts']['model']>;

function withContext(model: Model, contexts: readonly ModelContext[]): Model {
  const asked = contexts.find((context) => context.promptTail.captured);
  const replayed = contexts.some((context) => context.replayed);
  const usePrompt = !model.promptTail.captured && asked !== undefined && !replayed;
  const tail = usePrompt ? asked.promptTail : model.promptTail;
  return {
    ...model,
    prompt: usePrompt ? asked.prompt : model.prompt,
    promptTail: replayed ? { ...tail, line: 'repeated by the resumed run' } : tail,
    answer: fullAnswer(model, contexts),
    usage: replayed ? null : model.usage,
    replayed,
  };
}

/** Own answer first; a context's answer instead when it has calls or text that the own one lacks. */
function fullAnswer(model: Model, contexts: readonly ModelContext[]): Model['answer'] {
  if (proposedCalls(model.answer).length > 0) return model.answer;
  const whole = contexts.find((context) => context.place === 'around' && context.answer.length > 0)?.answer;
  if (whole !== undefined && proposedCalls(whole).length > 0) return whole;
  const parts = contexts.filter((context) => context.place === 'inside').flatMap((context) => context.answer);
  const calls = parts.filter((message) => proposedCalls([message]).length > 0);
  const said = model.answer.length > 0 ? model.answer : (whole ?? []);
  if (said.length === 0) return parts;
  return [...said, ...calls];
}
