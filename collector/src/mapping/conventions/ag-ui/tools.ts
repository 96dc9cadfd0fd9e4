import { asFields, asList, asStructure, asText, type Fields } from '../../reading/coerce.ts';
import { inputOf } from './ag-ui.ts';
import type { StreamEvent, StreamRun } from './stream-runs.ts';

/** A tool call as its pieces tell it so far. */
export interface ToolStory {
  callId: string;
  name: string | null;
  /** Pieces of the arguments, joined. */
  args: string;
  /** Undefined while there is none. */
  result: unknown;
  first: StreamEvent;
  answered: StreamEvent | null;
}

const PIECE = /^TOOL_CALL_(START|ARGS|END|CHUNK|RESULT)$/;

/** The tool calls of a run. A result may answer a call of an earlier run, whose history then tells the tool. */
export function collectCalls(run: StreamRun): ToolStory[] {
  const stories = new Map<string, ToolStory>();
  let lastId: string | null = null;
  for (const event of run.events) {
    if (!PIECE.test(event.type)) continue;
    // The later chunks of a call may leave its id out.
    const callId: string | null = asText(event.event['toolCallId']) ?? lastId;
    if (callId === null) continue;
    lastId = callId;
    const story = stories.get(callId) ?? begun(callId, event);
    stories.set(callId, story);
    tell(story, event);
  }
  const history = historyOf(run);
  return [...stories.values()].map((story) => withHistory(story, history.get(story.callId)));
}

function withHistory(story: ToolStory, known: { name: string; args: string } | undefined): ToolStory {
  if (known === undefined) return story;
  return { ...story, name: story.name ?? known.name, args: story.args === '' ? known.args : story.args };
}

function begun(callId: string, first: StreamEvent): ToolStory {
  return { callId, name: null, args: '', result: undefined, first, answered: null };
}

function tell(story: ToolStory, event: StreamEvent): void {
  const fields = event.event;
  story.name ??= asText(fields['toolCallName']);
  if (event.type !== 'TOOL_CALL_RESULT') story.args += asText(fields['delta']) ?? '';
  else if (story.answered === null) {
    story.answered = event;
    story.result = asStructure(fields['content'] ?? fields['result'] ?? '');
  }
}

/** Arguments as a structure once they are whole; cut ones stay text. */
export function argumentsOf(story: ToolStory): unknown {
  return story.args === '' ? undefined : asStructure(story.args);
}

/** Calls that the messages a run was given show. */
function historyOf(run: StreamRun): Map<string, { name: string; args: string }> {
  const calls = new Map<string, { name: string; args: string }>();
  for (const { type, event } of run.events) {
    if (type !== 'RUN_STARTED' && type !== 'MESSAGES_SNAPSHOT') continue;
    for (const call of asList(inputOf(event)['messages']).flatMap(callsOfMessage)) {
      const callId = asText(call['id']);
      const stated = asFields(call['function']) ?? call;
      const name = asText(stated['name']);
      if (callId !== null && name !== null) calls.set(callId, { name, args: asText(stated['arguments']) ?? '' });
    }
  }
  return calls;
}

function callsOfMessage(message: unknown): Fields[] {
  const fields = asFields(message);
  return asList(fields?.['toolCalls'] ?? fields?.['tool_calls'])
    .map(asFields)
    .filter((call) => call !== null);
}
