/**
 * Carries "something was committed" to every collector on one database. Only a hint that saves waiting: who misses
 * it finds the same rows at the next poll.
 */
export interface WakeBus {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Tells everybody, this process included. */
  publish(): void;
  onWake(listener: () => void): void;
}

/** The bus of a single collector. */
export function createInProcessBus(): WakeBus {
  const listeners: (() => void)[] = [];
  return {
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    publish: () => listeners.forEach((listener) => listener()),
    onWake: (listener) => void listeners.push(listener),
  };
}
