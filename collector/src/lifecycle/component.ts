/**
 * A part with a life of its own. `start` may throw a StartError. `stop` is idempotent, safe before `start`, ends
 * intake, finishes what is under way until `deadlineMs` (epoch milliseconds) and frees everything.
 */
export interface Component {
  name: string;
  start(): Promise<void>;
  stop(deadlineMs: number): Promise<void>;
}

/** Starts in the order given (sinks before sources); undoes what it started when one fails. */
export async function startAll(components: readonly Component[]): Promise<void> {
  const started: Component[] = [];
  for (const component of components) {
    try {
      await component.start();
      started.push(component);
    } catch (error) {
      await stopAll(started, Date.now() + 2000).catch(() => undefined);
      throw error;
    }
  }
}

/** Stops in the reverse order, going on past failures; throws the first of them at the end. */
export async function stopAll(components: readonly Component[], deadlineMs: number): Promise<void> {
  const failures: unknown[] = [];
  for (const component of components.toReversed()) {
    try {
      await component.stop(deadlineMs);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
