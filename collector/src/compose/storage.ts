import type { Config } from '../config/config.ts';
import { claimFolder } from '../lifecycle/single-instance.ts';
import { openDatabase, prepareDatabase, type Database } from '../store/database.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../store/embedded-postgres.ts';

/** The database a collector runs on. */
export interface Storage {
  database: Database;
  close(): Promise<void>;
}

/** Opens the server of DATABASE_URL, or starts the embedded one. Throws a StartError with a remedy. */
export async function openStorage(config: Config, say: (text: string) => void): Promise<Storage> {
  let embedded: EmbeddedPostgres | undefined;
  let release: () => void = () => undefined;
  if (config.databaseUrl === undefined) {
    release = claimFolder(config.dataDir);
    embedded = await startEmbeddedPostgres(config.dataDir, say).catch((error: unknown) => {
      release();
      throw error;
    });
  }
  const database = openDatabase(config.databaseUrl ?? embedded?.url ?? '');
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closing ??= (async () => {
      await database.close();
      await embedded?.stop();
      release();
    })());
  try {
    await prepareDatabase(database);
  } catch (error) {
    await close();
    throw error;
  }
  return { database, close };
}
