import type pino from 'pino';
import type { Config } from '../config/config.ts';
import type { Address } from '../lifecycle/listening.ts';
import type { Redactor } from '../redaction/redactor.ts';
import type { Database } from '../store/database.ts';

/** What differs between uses of the collector besides its configuration. */
export interface CollectorOptions {
  version: string;
  demo: boolean;
  /** Shows one line of progress to the operator. */
  say: (text: string) => void;
  /**
   * Stands in for the redactor. No setting and no argument reaches it: only the benchmark that tells what redaction costs
   * starts a collector with another one.
   */
  redactor?: Redactor;
}

/** What every part is built on. */
export interface Foundation {
  config: Config;
  options: CollectorOptions;
  log: pino.Logger;
  report: (error: unknown) => void;
  database: Database;
  closeStorage: () => Promise<void>;
}

/** Address as senders write it; an address that means "everywhere" is shown as loopback. */
export function urlOf({ host, port }: Address): string {
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}

/** What a log line may say of an error: driver messages can quote data, so only their codes are kept. */
export function summarise(error: unknown): { name: string; code: string | undefined; message: string } {
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  const fromDatabase = code !== undefined && /^[0-9A-Z]{5}$/.test(code);
  return { name: name ?? 'Error', code, message: fromDatabase ? `SQLSTATE ${code}` : (message ?? String(error)) };
}
