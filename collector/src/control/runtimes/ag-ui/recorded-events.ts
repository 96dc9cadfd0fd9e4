import { interruptKey } from '../../../mapping/conventions/ag-ui/questions.ts';
import { asFields, asList, asText } from '../../../mapping/reading/coerce.ts';
import type { ResumeEntry } from './answers.ts';
import type { Message } from './conversation.ts';
import type { ProtocolEvent } from './protocol-events.ts';
import type { Pause } from './questions.ts';

/*
 * Events are stored as they came, but for ids: an interrupt is unique only within its run, and question, answer and
 * approval must meet wherever they are told of.
 */

const MOST_CALLS = 50;
const NO_THREAD = { threadId: null };

/** An interrupt's id as the store knows it. */
export function uniqueId(runId: string, interruptId: string): string {
  return `${runId}:${interruptId}`;
}

/** Keys under which telemetry knows a question, the surest first. */
export function keysOf(
  run: { id: string; threadId: string },
  question: { externalId: string; interruptId: string },
): string[] {
  const ids = [...new Set([question.externalId, question.interruptId])];
  return [
    ...ids.map((id) => interruptKey(run, uniqueId(run.id, id))),
    // What else tells of it may know no thread.
    ...ids.flatMap((id) => [interruptKey(run, id), interruptKey(NO_THREAD, id), `interrupt:${id}`]),
  ];
}

/** What a run was begun with, as far as it tells something new: what people said or answered, and calls of tools. */
export function recordedInput(
  run: { parentId: string | null; resume: { entries: ResumeEntry[] } | null; said: Message[] },
  messages: readonly Message[],
): Record<string, unknown> {
  const calling = messages.filter((message) => asList(message['toolCalls']).length > 0).slice(-MOST_CALLS);
  const { parentId, resume, said } = run;
  return {
    ...(parentId === null ? {} : { parentRunId: parentId }),
    messages: [...calling, ...said],
    ...(resume === null || parentId === null
      ? {}
      : {
          resume: resume.entries.map((entry) => ({ ...entry, interruptId: uniqueId(parentId, entry.interruptId) })),
        }),
  };
}

/** Questions an older adapter asked, with ids. */
export function recordedQuestions(runId: string, pauses: readonly Pause[]): ProtocolEvent[] {
  const asked = pauses.filter((pause) => pause.asked !== null);
  if (asked.length === 0) return [];
  const value = asked.map((pause) => ({ id: uniqueId(runId, pause.interruptId), value: pause.asked }));
  return [{ type: 'CUSTOM', name: 'on_interrupt', value }];
}

/** The end of a run with the ids of its interrupts made unique. */
export function recordedFinish(runId: string, event: ProtocolEvent): ProtocolEvent {
  const outcome = asFields(event['outcome']);
  if (outcome?.['type'] !== 'interrupt') return event;
  const interrupts = asList(outcome['interrupts']).flatMap((each) => {
    const fields = asFields(each);
    const id = asText(fields?.['id']);
    return id === null ? [] : [{ ...fields, id: uniqueId(runId, id) }];
  });
  return { ...event, outcome: { ...outcome, interrupts } };
}
