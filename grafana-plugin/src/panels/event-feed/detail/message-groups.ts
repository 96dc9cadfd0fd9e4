import type { Message } from '@signalbox/event-model';

/** A request's messages by what they are for. */
export interface MessageGroups {
  system: Message[];
  history: Message[];
  /** What this request is about: the last message, with the tool answers it came with. */
  current: Message[];
}

/** Splits the messages of a request. */
export function groupMessages(messages: readonly Message[]): MessageGroups {
  const system = messages.filter((message) => isSystem(message));
  const rest = messages.filter((message) => !isSystem(message));
  let start = rest.length - 1;
  while (start > 0 && rest[start]?.role === 'tool' && rest[start - 1]?.role === 'tool') start--;
  const split = Math.max(0, start);
  return { system, history: rest.slice(0, split), current: rest.slice(split) };
}

function isSystem(message: Message): boolean {
  return message.role === 'system' || message.role === 'developer';
}
