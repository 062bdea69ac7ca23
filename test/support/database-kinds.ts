/**
 * Which database a test runs on. Vitest runs the shared suites twice: in the project `sqlite`, and in the project
 * `postgres`, where each test's database is a copy of a migrated one.
 */
import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { administer, databaseUrl } from './postgres-databases.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

/** The database that tests of this run are on. */
export const databaseKind = inject('postgres') === undefined ? 'sqlite' : 'postgres';

export interface DatabasePlace {
  /** For DATABASE_URL. */
  readonly url: string;
  /** To be called when the database is closed. */
  remove(): Promise<void>;
}

/** Where a test can have a database of its own: on SQLite a file that is not there yet, on PostgreSQL a migrated one. */
export async function createDatabasePlace(): Promise<DatabasePlace> {
  const postgres = inject('postgres');
  if (postgres === undefined) {
    const folder = await createTemporaryFolder();
    return { url: `sqlite:${folder.path}/blog.db`, remove: () => folder.remove() };
  }
  const { serverUrl, template } = postgres;
  const name = `${template}_${randomUUID().slice(0, 8)}`;
  await administer(serverUrl, `create database ${name} template ${template}`);
  return {
    url: databaseUrl(serverUrl, name),
    remove: () => administer(serverUrl, `drop database ${name} with (force)`),
  };
}
