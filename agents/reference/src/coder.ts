import { HumanMessage, SystemMessage, type AIMessage } from '@langchain/core/messages';
import { Command, interrupt, Send, type LangGraphRunnableConfig } from '@langchain/langgraph';
import { planItemChanged } from '../../kit/src/plan-events.ts';
import { createModel } from './model.ts';
import { contextOf } from './run-context.ts';
import { PLAN_OWNER, type Outcome, type State, type Task } from './state.ts';
import { RISKY, runTool, TOOLS } from './tools.ts';

/** One tool call on its way to a tool node. */
export interface ToolTask {
  taskId: string;
  taskText: string;
  name: string;
  args: Record<string, unknown>;
}

const INSTRUCTIONS = 'You are the coder. Do the task with the tools; call every tool the task needs at once.';

/** The next task that is not done. */
export function nextTask(state: State): Task | undefined {
  return state.todo.find((task) => task.status === 'pending' || task.status === 'in_progress');
}

/** Asks the model how to do the next task, and hands each tool call to a node of its own. */
export async function coder(state: State, config: LangGraphRunnableConfig): Promise<Command> {
  const task = nextTask(state);
  if (!task) return new Command({ goto: 'validator' });
  planItemChanged(task.id, { status: 'in_progress', agentName: PLAN_OWNER, context: contextOf(config) });
  const model = createModel().bindTools(Object.values(TOOLS));
  const answer: AIMessage = await model.invoke(
    [new SystemMessage(INSTRUCTIONS), new HumanMessage(JSON.stringify({ task: task.text, note: task.note }))],
    config,
  );
  const calls = answer.tool_calls ?? [];
  if (calls.length === 0) return new Command({ goto: 'validator', update: { outcomes: [said(task, answer)] } });
  return new Command({
    update: { todo: [{ ...task, status: 'in_progress' }] },
    goto: calls.map(
      ({ name, args }) =>
        new Send(RISKY[name] === undefined ? 'tools' : 'risky_tools', {
          taskId: task.id,
          taskText: task.text,
          name,
          args,
        } satisfies ToolTask),
    ),
  });
}

function said(task: Task, answer: AIMessage): Outcome {
  return { taskId: task.id, tool: 'answer', ok: true, text: answer.text };
}

/** Runs a tool that needs nobody's leave. A failure is an outcome, not the end. */
export async function tools(call: ToolTask): Promise<{ outcomes: Outcome[] }> {
  return { outcomes: [await outcomeOf(call)] };
}

/** Asks a person first. Everything before the question runs again when the answer comes, so there is nothing before it. */
export async function riskyTools(call: ToolTask): Promise<{ outcomes: Outcome[] }> {
  const answer = interrupt({
    action: call.name,
    args: call.args,
    reason: `task "${call.taskText}" needs it`,
    ...RISKY[call.name],
  }) as { approved?: boolean; args?: Record<string, unknown>; reason?: string } | null;
  if (answer?.approved !== true) {
    const text = `not allowed${answer?.reason === undefined ? '' : `: ${answer.reason}`}`;
    return { outcomes: [{ taskId: call.taskId, tool: call.name, ok: true, text }] };
  }
  return { outcomes: [await outcomeOf({ ...call, args: answer.args ?? call.args })] };
}

async function outcomeOf({ taskId, name, args }: ToolTask): Promise<Outcome> {
  try {
    return { taskId, tool: name, ok: true, text: await runTool(name, args) };
  } catch (error) {
    return { taskId, tool: name, ok: false, text: error instanceof Error ? error.message : String(error) };
  }
}
