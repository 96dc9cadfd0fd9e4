import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '../store/embedded-postgres.ts';
import { SERVER_VARIABLE, setServer } from './test-server.ts';

/** One PostgreSQL for the whole test run, on a free port and a folder of its own; `DATABASE_URL` replaces it. */
export default async function globalSetup(): Promise<void> {
  if (process.env['DATABASE_URL']) {
    process.env[SERVER_VARIABLE] = process.env['DATABASE_URL'];
    return;
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-test-'));
  // Root lends the server to another account, which must be able to enter.
  chmodSync(folder, 0o755);
  const server = await startEmbeddedPostgres(folder, () => undefined);
  process.env[SERVER_VARIABLE] = server.url;
  setServer({ server, folder });
}
