import type { Conversation } from './conversation.ts';

interface Remembered {
  conversation: Conversation;
  version: number;
}

const MOST_THREADS = 100;

/**
 * Conversations as the agents said them. What is stored has no secrets, and an agent whose shared state holds some works
 * on only with what it said itself; so that is sent as long as this process lives and nobody else changed the thread.
 */
export class ThreadMemory {
  readonly #threads = new Map<string, Remembered>();

  keep(agent: string, threadId: string, thread: Remembered): void {
    const key = keyOf(agent, threadId);
    this.#threads.delete(key);
    this.#threads.set(key, thread);
    const oldest = this.#threads.size > MOST_THREADS ? this.#threads.keys().next().value : undefined;
    if (oldest !== undefined) this.#threads.delete(oldest);
  }

  recall(agent: string, threadId: string, stored: Remembered): Conversation {
    const known = this.#threads.get(keyOf(agent, threadId));
    return known?.version === stored.version ? known.conversation : stored.conversation;
  }
}

function keyOf(agent: string, threadId: string): string {
  return `${agent}\0${threadId}`;
}
