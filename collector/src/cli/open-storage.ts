import type { Config } from '../config/config.ts';
import { claimFolder } from '../lifecycle/single-instance.ts';
import { openDatabase, prepareDatabase, type Database } from '../store/database.ts';
import { runningEmbeddedUrl, startEmbeddedPostgres } from '../store/embedded-postgres.ts';

/** A database opened for one command. */
export interface CommandStorage {
  database: Database;
  close(): Promise<void>;
}

/**
 * Opens the database a command works on: the server of DATABASE_URL, the embedded one of a collector that runs, or the
 * embedded one started for the command.
 */
export async function openStorageForCommand(config: Config, say: (text: string) => void): Promise<CommandStorage> {
  const url = config.databaseUrl ?? runningEmbeddedUrl(config.dataDir);
  if (url !== undefined) return opened(url, () => Promise.resolve());
  const release = claimFolder(config.dataDir);
  const embedded = await startEmbeddedPostgres(config.dataDir, say);
  return opened(embedded.url, async () => {
    await embedded.stop();
    release();
  });
}

async function opened(url: string, after: () => Promise<void>): Promise<CommandStorage> {
  const database = openDatabase(url);
  const close = async (): Promise<void> => {
    await database.close();
    await after();
  };
  try {
    await prepareDatabase(database);
  } catch (error) {
    await close();
    throw error;
  }
  return { database, close };
}
