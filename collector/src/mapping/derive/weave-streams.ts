import { endOf, collectSteps, collectSubagents } from '../conventions/ag-ui/lifecycle.ts';
import { collectMessages, type MessageStory } from '../conventions/ag-ui/messages.ts';
import { collectAnswers, collectQuestions, collectRefusals } from '../conventions/ag-ui/questions.ts';
import { collectPlans, type PlanStory } from '../conventions/ag-ui/shared-state.ts';
import { collectRuns, type StreamEvent, type StreamRun } from '../conventions/ag-ui/stream-runs.ts';
import { argumentsOf, collectCalls, type ToolStory } from '../conventions/ag-ui/tools.ts';
import type { ToolFacts } from '../facts.ts';
import { digest } from '../reading/identifiers.ts';
import { recordOf } from '../reading/span-defaults.ts';
import { handoffTarget } from '../reading/tool-names.ts';
import type { RecordReport } from '../reports.ts';
import type { LogEntry } from './entries.ts';
import { bySpanStart, type SpanEntry } from './span-view.ts';
import { placeOf, placeRuns, streamSpan, type RunStory } from './stream-spans.ts';
import { ofKind, type Told, type Weaving } from './told.ts';

/** What streams tell besides the spans they become. */
export interface Streams {
  records: Told<RecordReport>[];
  /** Log records that say more than they did alone, by key. */
  logs: ReadonlyMap<string, LogEntry>;
}

/**
 * Agents that stream their run have no spans: the events become the spans that tracing would have sent, and records
 * for messages and plans. An agent that is traced as well keeps its own spans, and the stream adds what they lack.
 */
export function weaveStreams(weaving: Weaving, told: readonly Told[]): Streams {
  const logs = new Map<string, LogEntry>();
  const events = ofKind(told, 'stream');
  if (events.length === 0) return { records: [], logs };
  const stories = collectRuns(events).map(toStory);
  placeRuns(weaving, stories, events);
  const records: Told<RecordReport>[] = [];
  for (const story of stories) {
    for (const call of story.calls) putTool(weaving, story, call);
    for (const message of story.messages) {
      if (message.role === 'user') logs.set(message.first.log.key, spokenByUser(message));
      else records.push(messageRecord(story, message));
    }
    for (const plan of collectPlans(story.run)) records.push(planRecord(story, plan));
  }
  return { records, logs };
}

function toStory(run: StreamRun): RunStory {
  const end = endOf(run);
  const calls = collectCalls(run);
  const questions = collectQuestions(run, calls);
  return {
    run,
    spanId: digest('ag-ui run', run.workflow ?? '', run.agent, run.runId ?? '').slice(0, 16),
    end,
    steps: collectSteps(run),
    subagents: collectSubagents(run),
    calls,
    messages: collectMessages(run, end !== null),
    questions,
    answers: [...collectAnswers(run), ...collectRefusals(run, questions)],
  };
}

function putTool(weaving: Weaving, story: RunStory, call: ToolStory): void {
  const { callId, first, answered, name } = call;
  const known = weaving.entries.filter(({ facts }) => facts.tool?.callId === callId).sort(bySpanStart)[0];
  if (known !== undefined) return fillKnown(weaving, known, call);
  // Nobody knows yet which tool was called.
  if (name === null) return;
  const endNs = answered?.atNs ?? story.end?.atNs ?? null;
  const questions = answered === null ? story.questions.filter((question) => question.callId === callId) : [];
  const tool: ToolFacts = {
    name,
    callId,
    args: argumentsOf(call),
    result: call.result,
    description: null,
    handoffTo: handoffTarget(name),
    ...(answered === null && endNs !== null ? { unanswered: story.end?.failure ? 'cancelled' : 'lost' } : {}),
  };
  weaving.put(
    streamSpan(
      first,
      {
        spanId: digest('tool', `call:${callId}`).slice(0, 16),
        parentSpanId: placeOf(story, first),
        startNs: first.atNs,
        endNs,
      },
      { role: 'tool', title: name, tool, agent: first.agent, interrupts: questions.map(({ interrupt }) => interrupt) },
    ),
  );
}

/** A call that is traced, or that an earlier run of the trace began: what the span lacks is added. */
function fillKnown(weaving: Weaving, entry: SpanEntry, { answered, result, ...call }: ToolStory): void {
  const { tool } = entry.facts;
  if (tool === null) return;
  const args = tool.args ?? argumentsOf({ answered, result, ...call });
  const filled = { ...tool, args, result: tool.result ?? result };
  if (entry.facts.convention !== 'ag-ui' || answered === null) return weaving.change(entry.spanId, { tool: filled });
  const facts = { ...entry.facts, tool: { ...filled, unanswered: undefined }, interrupts: [] };
  weaving.put({ ...entry, pending: false, endNs: answered.atNs, facts });
}

function spokenByUser({ first, text }: MessageStory): LogEntry {
  const { log } = first;
  return { ...log, facts: log.facts === null ? null : { ...log.facts, userText: text } };
}

function messageRecord(story: RunStory, message: MessageStory): Told<RecordReport> {
  const { id, text, isDone, reasoning } = message;
  const fields = { 'chat.message_id': id, 'chat.delta': text, 'chat.index': 0, 'chat.done': isDone };
  const thought = reasoning === '' ? {} : { 'chat.reasoning': reasoning };
  return toRecord(story, message.first, recordOf('chat.token', { ...fields, ...thought }));
}

function planRecord(story: RunStory, { items, event }: PlanStory): Told<RecordReport> {
  return toRecord(story, event, recordOf('plan.set', { 'plan.items': items }));
}

function toRecord(story: RunStory, event: StreamEvent, report: RecordReport): Told<RecordReport> {
  const log = { ...event.log, spanId: placeOf(story, event) };
  return { report: { ...report, agent: event.agent }, atNs: event.atNs, key: event.key, entry: null, log };
}
