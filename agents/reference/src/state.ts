import type { BaseMessage } from '@langchain/core/messages';
import { Annotation, messagesStateReducer } from '@langchain/langgraph';

/** Whose plan it is: the nodes work on one. */
export const PLAN_OWNER = 'planner';

/** One item of the plan. */
export interface Task {
  id: string;
  text: string;
  status: 'pending' | 'in_progress' | 'completed' | 'failed' | 'cancelled';
  note?: string;
}

/** What a tool did, for the validator. */
export interface Outcome {
  taskId: string;
  tool: string;
  ok: boolean;
  text: string;
}

/**
 * Merges by id: a task that a person adds while the planner is at work must survive the planner's own list.
 */
export function mergeTasks(before: Task[], update: Task[]): Task[] {
  const merged = new Map(before.map((task) => [task.id, task]));
  for (const task of update) merged.set(task.id, { ...merged.get(task.id), ...task });
  const tasks = [...merged.values()];
  // A list that names every task says their order too.
  const places = new Map(update.map(({ id }, at) => [id, at]));
  if (!tasks.every(({ id }) => places.has(id))) return tasks;
  return tasks.sort((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0));
}

/** State of the graph. */
export const AgentState = Annotation.Root({
  messages: Annotation<BaseMessage[]>({ reducer: messagesStateReducer, default: () => [] }),
  todo: Annotation<Task[]>({ reducer: mergeTasks, default: () => [] }),
  outcomes: Annotation<Outcome[]>({
    // Null empties it: the validator has looked at them.
    reducer: (before, update) => (update.length === 0 ? [] : [...before, ...update]),
    default: () => [],
  }),
  /** Why the planner must look again; empty when it need not. */
  trouble: Annotation<string>({ reducer: (_before, update) => update, default: () => '' }),
});

/** State as nodes get it. */
export type State = typeof AgentState.State;
