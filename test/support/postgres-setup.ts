/** Runs once before the tests on PostgreSQL: a server, and a migrated database to copy for each test. */
import { randomUUID } from 'node:crypto';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../src/database/open.ts';
import { administer, databaseUrl } from './postgres-databases.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where tests make their databases; absent where they are to run on SQLite. */
    postgres: { serverUrl: string; template: string } | undefined;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'];
  const server: PostgresServer | undefined = given === undefined ? await startPostgres() : undefined;
  const serverUrl = server?.url ?? given ?? '';
  const template = `broadsheet_test_${randomUUID().replaceAll('-', '')}`;
  await administer(serverUrl, `create database ${template} encoding 'UTF8' template template0`);
  const database = await openDatabase({
    url: databaseUrl(serverUrl, template),
    poolSize: 1,
    replicaUrls: [],
  });
  await database.migrate();
  await database.close();
  project.provide('postgres', { serverUrl, template });
  return async () => {
    if (server) await server.stop();
    else await administer(serverUrl, `drop database ${template} with (force)`);
  };
}
