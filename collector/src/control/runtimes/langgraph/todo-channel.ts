import { asFields } from '../../../mapping/reading/coerce.ts';

const CHANNELS = ['todo', 'todos', 'tasks', 'plan'];
const TEXTS = ['text', 'content', 'description', 'title', 'task'];

/** Where an agent keeps its tasks in its state, and how it spells one. */
export interface TodoChannel {
  name: string;
  textKey: string;
}

/** The state key that holds the tasks; null when the state shows none: then tasks cannot be added. */
export function findTodoChannel(values: unknown): TodoChannel | null {
  const state = asFields(values);
  for (const name of CHANNELS) {
    const list = state?.[name];
    if (!Array.isArray(list)) continue;
    const first = asFields(list[0]);
    const textKey = TEXTS.find((key) => typeof first?.[key] === 'string');
    if (textKey !== undefined) return { name, textKey };
  }
  return null;
}

/** A task as an update of that channel. */
export function todoUpdate(
  channel: TodoChannel,
  tasks: readonly { id: string; text: string; note: string | null }[],
): Record<string, unknown> {
  return {
    [channel.name]: tasks.map(({ id, text, note }) => ({
      id,
      [channel.textKey]: text,
      status: 'pending',
      ...(note === null ? {} : { note }),
    })),
  };
}
