const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Hooks that send what waits before the process goes. */
export interface ExitHooks {
  /** Takes the hooks off again. */
  remove(): void;
}

/**
 * Flushes when the event loop runs empty, and on SIGTERM and SIGINT. A signal nobody else listens to is raised again
 * after the flush, so that the process ends as it would have; when the application listens, ending is its business.
 */
export function flushAtExit(flush: () => Promise<void>, handleSignals: boolean): ExitHooks {
  const beforeExit = (): void => void flush();
  const onSignal = (signal: NodeJS.Signals): void => {
    const alone = process.listenerCount(signal) === 1;
    void flush().then(() => {
      if (!alone) return;
      process.removeListener(signal, onSignal);
      process.kill(process.pid, signal);
    });
  };
  process.on('beforeExit', beforeExit);
  if (handleSignals) for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    remove() {
      process.removeListener('beforeExit', beforeExit);
      for (const signal of SIGNALS) process.removeListener(signal, onSignal);
    },
  };
}
