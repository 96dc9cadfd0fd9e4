import type { Message } from '@signalbox/event-model';

/** How many messages, from the first on, two conversations share; instructions are not counted. */
export function countKnown(messages: readonly Message[], previous: readonly Message[]): number {
  const now = spoken(messages);
  const before = spoken(previous);
  let known = 0;
  while (known < now.length && known < before.length && same(now[known], before[known])) known++;
  return known;
}

function spoken(messages: readonly Message[]): Message[] {
  return messages.filter((message) => message.role !== 'system' && message.role !== 'developer');
}

function same(left: Message | undefined, right: Message | undefined): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
