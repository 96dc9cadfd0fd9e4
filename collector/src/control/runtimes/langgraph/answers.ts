import type { AnswerShape } from './questions.ts';

/** A decision on one question of an interrupt. */
export interface Answer {
  decision: 'approve' | 'reject' | 'edit' | 'respond' | 'expired';
  reason: string | null;
  args: unknown;
  answer: unknown;
}

/**
 * The value an interrupt is resumed with, in the shape the agent asked in. `answers` has one entry for each question, in
 * their order. An agent that gets a malformed answer is stuck for good, so the shape is never guessed from the decision.
 */
export function resumeValue(shape: AnswerShape, answers: readonly Answer[]): unknown {
  if (shape.kind === 'review') return { decisions: answers.map((answer, at) => reviewDecision(shape, at, answer)) };
  const [only] = answers;
  if (only === undefined) throw new Error('an interrupt has at least one question');
  return shape.kind === 'inbox' ? [inboxResponse(shape.action, only)] : plainAnswer(only);
}

function reviewDecision(shape: Extract<AnswerShape, { kind: 'review' }>, at: number, answer: Answer): unknown {
  const name = shape.actions[at]?.name ?? 'unknown';
  switch (answer.decision) {
    case 'approve':
      return { type: 'approve' };
    case 'edit':
      return {
        type: 'edit',
        [shape.spelling === 'camel' ? 'editedAction' : 'edited_action']: { name, args: answer.args },
      };
    case 'respond':
      return { type: 'respond', message: textOf(answer.answer) };
    default:
      return { type: 'reject', message: answer.reason ?? 'Rejected.' };
  }
}

function inboxResponse(action: string, answer: Answer): unknown {
  switch (answer.decision) {
    case 'approve':
      return { type: 'accept', args: null };
    case 'edit':
      return { type: 'edit', args: { action, args: answer.args } };
    case 'respond':
      return { type: 'response', args: textOf(answer.answer) };
    default:
      return { type: 'ignore', args: answer.reason };
  }
}

function plainAnswer({ decision, reason, args, answer }: Answer): unknown {
  const because = reason === null ? {} : { reason };
  switch (decision) {
    case 'approve':
      return { approved: true, ...because };
    case 'edit':
      return { approved: true, args, ...because };
    case 'respond':
      return answer;
    default:
      return { approved: false, ...because };
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
