import { resumeValue, type Answer } from '../langgraph/answers.ts';
import type { Pause } from './questions.ts';
import { faultBySchema } from './response-schema.ts';

/** An answer as a run is begun with it. */
export interface ResumeEntry {
  interruptId: string;
  status: 'resolved' | 'cancelled';
  payload?: unknown;
  metadata?: Record<string, unknown>;
}

/**
 * The answer to an interrupt, in the shape it asked for; `answers` has one for each question of the pause. What nobody
 * answered in time is cancelled: the protocol takes no other answer to it.
 */
export function resumeEntry(pause: Pause, answers: readonly Answer[]): ResumeEntry {
  const { interruptId } = pause;
  if (answers.every(({ decision }) => decision === 'expired')) return { interruptId, status: 'cancelled' };
  if (pause.shape.kind !== 'ag-ui')
    return { interruptId, status: 'resolved', payload: resumeValue(pause.shape, answers) };
  const [answer] = answers;
  const payload = answer === undefined ? undefined : payloadOf(pause.shape, answer);
  return payload === undefined ? { interruptId, status: 'cancelled' } : { interruptId, status: 'resolved', payload };
}

type Native = Extract<Pause['shape'], { kind: 'ag-ui' }>;

function payloadOf({ schema, editKey }: Native, { decision, reason, args, answer }: Answer): unknown {
  if (decision === 'approve') return { approved: true };
  if (decision === 'edit') return { approved: true, [editKey ?? 'editedArgs']: args };
  if (decision === 'respond') return answer;
  // A "no" that the schema has no words for is no answer: the interrupt is cancelled.
  const words = [...(reason === null ? [] : [{ approved: false, reason }]), { approved: false }];
  return words.find((payload) => faultBySchema(schema, payload) === null);
}

/** What is wrong with a decision before it is taken; null when nothing is. */
export function faultIn(pause: Pause, answer: Pick<Answer, 'decision' | 'args' | 'answer'>): string | null {
  if (pause.shape.kind !== 'ag-ui') return null;
  const { schema, editKey } = pause.shape;
  if (answer.decision === 'respond') return faultBySchema(schema, answer.answer);
  if (answer.decision !== 'edit') return null;
  return faultBySchema(schema, { approved: true, [editKey ?? 'editedArgs']: answer.args });
}
