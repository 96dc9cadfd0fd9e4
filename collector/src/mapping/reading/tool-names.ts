const HANDOFF = /^(?:handoff to |handoff_to_|transfer_to_)(.+)$/;
const PLAN_TOOL = /^(write_?todos|todo_?write|update_?plan|set_?plan|manage_?todo_?list|update_?todos)$/i;
const TASK_CREATE = /^task_?create$/i;
const TASK_UPDATE = /^task_?update$/i;

/** Agent a handoff tool hands over to; null for any other tool. */
export function handoffTarget(tool: string): string | null {
  return HANDOFF.exec(tool)?.[1] ?? null;
}

/** One spelling for the many names of a handoff, so that proposal and execution meet. */
export function comparableToolName(tool: string): string {
  const target = handoffTarget(tool);
  return target === null ? tool : `handoff:${target}`;
}

/** How a tool writes the plan: the whole list, one new item, or a change to one; null for other tools. */
export function planToolKind(tool: string): 'list' | 'create' | 'update' | null {
  if (PLAN_TOOL.test(tool)) return 'list';
  if (TASK_CREATE.test(tool)) return 'create';
  return TASK_UPDATE.test(tool) ? 'update' : null;
}

const BARE_CLIENT =
  /instrumentation[-._/](openai(?![-_]agents)|anthropic|bedrock|vertexai|google|mistral|cohere|ollama|groq|together|litellm|botocore|aws)/;

/** True for scopes that instrument a model client only and so never report a tool's execution. */
export function isBareClientScope(scope: string): boolean {
  return BARE_CLIENT.test(scope);
}

const CLASS_NAMES = new Set(['DynamicStructuredTool', 'DynamicTool', 'StructuredTool', 'Tool', 'ToolNode', 'tool']);

/** True for names of classes that stand where a tool's own name was lost. */
export function isClassName(tool: string): boolean {
  return CLASS_NAMES.has(tool);
}
