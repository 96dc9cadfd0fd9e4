import type { Message, MessagePart } from '@signalbox/event-model';
import { asFields, asList, asText } from '../../reading/coerce.ts';
import { callPart, readMessages, toContent } from '../../reading/messages.ts';

/** Prompt of a step (a list) or of a generation (`{messages}`). */
export function readPromptMessages(input: unknown): Message[] {
  const fields = asFields(input);
  return readMessages(fields === null ? input : (fields['messages'] ?? null));
}

/** Answer of a step or chunk: `{text, toolCalls: [{toolCallId, toolName, args}]}`. */
export function readOutputMessages(output: unknown): Message[] {
  const fields = asFields(output);
  const message: Message = { role: 'assistant', name: null, parts: [] };
  const text = asText(fields?.['text']);
  if (text !== null) message.parts.push({ kind: 'content', content: toContent(text) });
  message.parts.push(...asList(fields?.['toolCalls']).map(readCall));
  return message.parts.length === 0 ? [] : [message];
}

function readCall(call: unknown): MessagePart {
  const outer = asFields(call) ?? {};
  const fields = asFields(outer['payload']) ?? outer;
  return callPart(
    asText(fields['toolName']) ?? 'unknown',
    fields['args'] ?? fields['input'],
    asText(fields['toolCallId']),
  );
}
