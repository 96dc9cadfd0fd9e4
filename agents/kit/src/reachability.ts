/** What exporters of spans and of logs have in common. */
interface Exporter<Item> {
  export(items: Item[], done: (result: ExportAnswer) => void): void;
  shutdown(): Promise<void>;
  forceFlush?(): Promise<void>;
}

interface ExportAnswer {
  code: number;
  error?: Error;
}

/** Says once that the collector cannot be reached; after that the agent works on in silence. */
export class Reachability {
  readonly #target: string;
  #warned = false;

  constructor(target: string) {
    this.#target = target;
  }

  /** An exporter like `exporter` whose first failure is reported here. */
  watch<Item>(exporter: Exporter<Item>): Required<Exporter<Item>> {
    return {
      export: (items, done) => {
        exporter.export(items, (answer) => {
          if (answer.code !== 0) this.#warn(answer.error);
          done(answer);
        });
      },
      shutdown: () => exporter.shutdown(),
      forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    };
  }

  #warn(error: Error | undefined): void {
    if (this.#warned) return;
    this.#warned = true;
    const reason = error === undefined ? 'export failed' : reasonOf(error);
    process.emitWarning(
      `Signalbox does not get telemetry at ${withoutPassword(this.#target)} (${reason}). ` +
        'The agent works on; this is said once.',
      'SignalboxWarning',
    );
  }
}

function reasonOf(error: Error & { code?: unknown }): string {
  const { code } = error;
  return typeof code === 'string' || typeof code === 'number' ? String(code) : error.message || error.name;
}

/** Addresses may carry credentials, which no log should. */
function withoutPassword(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//');
}
