import { asText } from '../../reading/coerce.ts';
import type { StreamEvent, StreamRun } from './stream-runs.ts';

/** A message as its pieces tell it so far. */
export interface MessageStory {
  id: string;
  role: string;
  text: string;
  /** What the agent thought before it spoke, where it tells. */
  reasoning: string;
  isDone: boolean;
  first: StreamEvent;
}

const PIECE = /^TEXT_MESSAGE_(START|CONTENT|END|CHUNK)$/;
const THOUGHT = /^REASONING_MESSAGE_(CONTENT|CHUNK)$/;

/** The messages of a run; all of them are whole once the run is over. */
export function collectMessages(run: StreamRun, isOver: boolean): MessageStory[] {
  const stories = new Map<string, MessageStory>();
  let thought = '';
  let lastId: string | null = null;
  for (const event of run.events) {
    if (THOUGHT.test(event.type)) thought += asText(event.event['delta']) ?? '';
    if (!PIECE.test(event.type)) continue;
    // The later chunks of a message may leave its id out.
    const id: string | null = asText(event.event['messageId']) ?? lastId;
    if (id === null) continue;
    lastId = id;
    const story = stories.get(id) ?? begun(id, event, thought);
    if (!stories.has(id)) thought = '';
    stories.set(id, story);
    tell(story, event);
    story.isDone ||= isOver;
  }
  return [...stories.values()].filter(({ text }) => text !== '');
}

function begun(id: string, first: StreamEvent, reasoning: string): MessageStory {
  return { id, role: 'assistant', text: '', reasoning, isDone: false, first };
}

function tell(story: MessageStory, { type, event }: StreamEvent): void {
  story.role = asText(event['role']) ?? story.role;
  story.text += asText(event['delta']) ?? '';
  story.isDone ||= type === 'TEXT_MESSAGE_END';
}

/** The answer a run ends with: the last thing its agent said. */
export function finalAnswer(messages: readonly MessageStory[]): string | null {
  return messages.findLast(({ role }) => role === 'assistant')?.text ?? null;
}
