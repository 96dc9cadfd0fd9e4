import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { openDatabase, prepareDatabase, type Database } from '../store/database.ts';
import { SERVER_VARIABLE } from './test-server.ts';

/** A database of one test file. */
export interface TestDatabase {
  url: string;
  database: Database;
  /** Closes the pools and drops the database. */
  drop(): Promise<void>;
}

/** Makes an empty database with the schema in place. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env[SERVER_VARIABLE];
  if (!server) throw new Error('the global set-up did not run');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const database = openDatabase(url.href);
  await prepareDatabase(database);
  return {
    url: url.href,
    database,
    async drop() {
      await database.close();
      await administer(server, `drop database ${name} with (force)`);
    },
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
