import { NOT_KEPT } from '../../telemetry/not-captured.ts';

// Members that say what a thing is and which it belongs to, never what it says.
const STRUCTURE =
  /^(?:role|type|id|ids|name|kind|object|status|index|model|tool|toolname|tool_name|function_name|tool_?call_?id|call_?id|tool_?use_?id|interrupt_?id|run_?id|thread_?id|message_?id|node|finish_?reasons?|stop_?reason|lc|__type|mode|operation|source|target)$/i;
// What a tool was given and gave back is the user's, down to its member names' values.
const OPAQUE =
  /^(?:arguments|args|input|inputs|parameters|tool_input|tool_output|result|response|answer|context|metadata|documents|artifact)$/i;
const PLAIN = /^[\w.:@/+-]{1,128}$/;
const DEEPEST = 40;

/**
 * A structure with its texts blanked: roles, types, names and ids of messages and tool calls stay, so that they are
 * recognised, and so do numbers and flags. Arguments and results go whole.
 */
export function skeletonOf(value: unknown, key = '', depth = 0): unknown {
  if (typeof value === 'string') return STRUCTURE.test(key) && PLAIN.test(value) ? value : NOT_KEPT;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST || (OPAQUE.test(key) && depth > 0)) return NOT_KEPT;
  if (Array.isArray(value)) return value.map((member: unknown) => skeletonOf(member, key, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      PLAIN.test(name) ? name : NOT_KEPT,
      skeletonOf(member, name, depth + 1),
    ]),
  );
}

/** The skeleton of a JSON text, else the marker alone. */
export function skeletonOfText(text: string): string {
  if (!/^\s*[[{]/.test(text)) return NOT_KEPT;
  try {
    return JSON.stringify(skeletonOf(JSON.parse(text)));
  } catch {
    return NOT_KEPT;
  }
}
