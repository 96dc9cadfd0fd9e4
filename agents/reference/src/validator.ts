import { AIMessage, HumanMessage, SystemMessage } from '@langchain/core/messages';
import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import { planItemChanged } from '../../kit/src/plan-events.ts';
import { createModel } from './model.ts';
import { nextTask } from './coder.ts';
import { contextOf } from './run-context.ts';
import { PLAN_OWNER, type State, type Task } from './state.ts';

const INSTRUCTIONS = 'You are the validator. Say in one sentence whether the outcome fulfils the task.';

/** Looks at what the tools did: a task is done, or the planner must think again. */
export async function validator(state: State, config: LangGraphRunnableConfig): Promise<Partial<State>> {
  const [first] = state.outcomes;
  const task = state.todo.find(({ id }) => id === first?.taskId);
  if (!first || !task) return { outcomes: [] };
  const failed = state.outcomes.find(({ ok }) => !ok);
  const verdict = await createModel().invoke(
    [new SystemMessage(INSTRUCTIONS), new HumanMessage(JSON.stringify({ task: task.text, outcomes: state.outcomes }))],
    config,
  );
  const status: Task['status'] = failed ? 'failed' : 'completed';
  const because = failed ? { reason: failed.text } : {};
  planItemChanged(task.id, { status, agentName: PLAN_OWNER, context: contextOf(config), ...because });
  return {
    outcomes: [],
    trouble: failed ? `${failed.tool} failed: ${failed.text}` : '',
    todo: [{ ...task, status }],
    messages: [new AIMessage(verdict.text)],
  };
}

/** Where the run goes after the validator. */
export function afterValidator(state: State): 'planner' | 'coder' | '__end__' {
  if (state.trouble !== '') return 'planner';
  return nextTask(state) === undefined ? '__end__' : 'coder';
}
