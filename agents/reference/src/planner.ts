import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import { tool } from '@langchain/core/tools';
import { z } from 'zod';
import { planSet } from '../../kit/src/plan-events.ts';
import { createModel } from './model.ts';
import { contextOf } from './run-context.ts';
import { mergeTasks, PLAN_OWNER, type State, type Task } from './state.ts';

const writeTodos = tool(() => 'ok', {
  name: 'write_todos',
  description: 'States the whole plan, and why it is as it is.',
  schema: z.object({
    todos: z.array(z.object({ id: z.string(), text: z.string(), status: z.string() })),
    reason: z.string(),
  }),
});

const INSTRUCTIONS =
  'You are the planner. State the plan with write_todos: every task with id, text and status. Keep tasks that are there.';

/** Makes the plan, and makes it anew when something went wrong. */
export async function planner(state: State, config: LangGraphRunnableConfig): Promise<Partial<State>> {
  const model = createModel().bindTools([writeTodos]);
  const asked = [
    new SystemMessage(INSTRUCTIONS),
    ...state.messages.filter((message) => message.getType() === 'human'),
    new HumanMessage(JSON.stringify({ plan: state.todo, trouble: state.trouble })),
  ];
  const answer = await model.invoke(asked, config);
  const call = answer.tool_calls?.[0];
  const stated = (call?.args as { todos?: Task[]; reason?: string } | undefined) ?? {};
  const todo = mergeTasks(state.todo, stated.todos ?? []);
  planSet(
    todo.map(({ id, text, status }) => ({ id, text, status })),
    { reason: stated.reason ?? state.trouble, agentName: PLAN_OWNER, context: contextOf(config) },
  );
  return { todo, trouble: '' };
}
