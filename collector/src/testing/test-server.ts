import type { EmbeddedPostgres } from '../store/embedded-postgres.ts';

/** Where test files find the server that the global set-up started. */
export const SERVER_VARIABLE = 'TEST_POSTGRES_URL';

interface TestServer {
  server: EmbeddedPostgres;
  folder: string;
}

const holder = globalThis as { signalboxTestServer?: TestServer };

/** Remembers the server between set-up and teardown, which Jest runs in one process. */
export function setServer(server: TestServer): void {
  holder.signalboxTestServer = server;
}

/** The server of this run; undefined when `DATABASE_URL` was used. */
export function takeServer(): TestServer | undefined {
  return holder.signalboxTestServer;
}
