/** A PostgreSQL server that refuses, disappears and comes back. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { DatabaseManager } from '../../../src/database/manager.ts';
import { openDatabase } from '../../../src/database/open.ts';
import { OperatorError } from '../../../src/errors.ts';
import { openTestDatabase } from '../../support/database.ts';
import { freePort } from '../../support/free-port.ts';
import { administer, databaseUrl } from '../../support/postgres-databases.ts';
import { findPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.ts';

const open = (url: string) => openDatabase({ url, poolSize: 4, replicaUrls: [] });
const at = '2026-01-01T00:00:00.000Z';

async function put(database: DatabaseManager, key: string): Promise<void> {
  await database.transaction((trx) =>
    trx.insertInto('settings').values({ key, value: '', updated_at: at }).execute(),
  );
}

async function keys({ reader }: DatabaseManager): Promise<string[]> {
  const rows = await reader.selectFrom('settings').select('key').orderBy('key').execute();
  return rows.map(({ key }) => key);
}

describe.skipIf(findPostgres() === null)('a server of our own', () => {
  const password = 'p@ss/w:rd';
  let server: PostgresServer;
  let url: string;
  beforeAll(async () => {
    server = await startPostgres({ password, isDurable: true });
    const withPassword = new URL(server.url);
    withPassword.password = encodeURIComponent(password);
    url = databaseUrl(withPassword.href, 'postgres');
  });
  afterAll(() => server.stop());

  it.each([
    ['a wrong password', (right: URL) => Object.assign(right, { password: 'wrong' }), /refuses the password/],
    ['no password', (right: URL) => Object.assign(right, { password: '' }), /wants a password/],
    [
      'a database that is not there',
      (right: URL) => Object.assign(right, { pathname: '/none' }),
      /no such database/,
    ],
    [
      'an unknown host',
      (right: URL) => Object.assign(right, { hostname: 'none.invalid' }),
      /host is unknown|looked up/,
    ],
    [
      'TLS that the server has not',
      (right: URL) => Object.assign(right, { search: '?sslmode=require' }),
      /has no TLS/,
    ],
  ])('says what to do about %s, without the password', async (_, change, expected) => {
    const opening = open(change(new URL(url)).href);
    await expect(opening).rejects.toThrow(OperatorError);
    await expect(opening).rejects.toThrow(expected);
    await expect(opening).rejects.toThrow(/^DATABASE_URL: (?!.*(p%40ss|p@ss))/);
  });

  it('says what to do when nothing listens', async () => {
    const port = await freePort();
    await expect(open(`postgres://u:secret@127.0.0.1:${port}/b`)).rejects.toThrow(
      /nothing listens there.*Start PostgreSQL/,
    );
  });

  it('goes on after the server was killed and started again', async () => {
    const database = await open(url);
    onTestFinished(() => database.close());
    await database.migrate();
    await put(database, 'before');
    // Connections that are idle when it dies, and one that is in use.
    await Promise.all([keys(database), keys(database), keys(database)]);
    const inUse = database.transaction(async (trx) => {
      await server.kill();
      await trx.insertInto('settings').values({ key: 'lost', value: '', updated_at: at }).execute();
    });
    await expect(inUse).rejects.toMatchObject({ code: 'database_unavailable', status: 503 });
    const refused = { code: 'database_unavailable', headers: { 'retry-after': '2' } };
    await expect(keys(database)).rejects.toMatchObject(refused);
    await expect(put(database, 'x')).rejects.toMatchObject(refused);
    await server.restart();
    await put(database, 'after');
    expect(await keys(database)).toEqual(['after', 'before']);
  });

  it('lets nodes that start at the same time migrate once', async () => {
    const name = `both_${randomUUID().slice(0, 8)}`;
    await administer(url, `create database ${name}`);
    const nodes = await Promise.all([1, 2, 3].map(() => open(databaseUrl(url, name))));
    onTestFinished(async () => {
      for (const node of nodes) await node.close();
    });
    const applied = await Promise.all(nodes.map((node) => node.migrate()));
    const known = (await nodes[0]?.migrationStatus()) ?? [];
    expect(applied.flat().toSorted()).toEqual(known.map((migration) => migration.name));
    expect(known.every(({ appliedAt }) => appliedAt !== null)).toBe(true);
  });
});

it('refuses a database that a newer version has migrated', async () => {
  const database = await openTestDatabase();
  await database.transaction((trx) =>
    sql`insert into kysely_migration values ('9999-future', ${at})`.execute(trx),
  );
  await expect(database.migrate()).rejects.toThrow(/newer than this program.*9999-future/);
  await expect(database.migrationStatus()).rejects.toThrow(/newer than this program/);
});

it('runs the loser of a deadlock again', async () => {
  const database = await openTestDatabase();
  for (const key of ['a', 'b']) await put(database, key);
  const touch = (
    trx: Parameters<Parameters<typeof database.transaction>[0]>[0],
    key: string,
    value: string,
  ) =>
    trx
      .updateTable('settings')
      .set(({ eb }) => ({ value: eb('value', '||', value) }))
      .where('key', '=', key)
      .execute();
  const both = Promise.withResolvers<void>();
  let arrived = 0;
  const crossing = (first: string, second: string, value: string) =>
    database.transaction(async (trx) => {
      await touch(trx, first, value);
      arrived += 1;
      if (arrived === 2) both.resolve();
      await both.promise;
      await touch(trx, second, value);
    });
  await Promise.all([crossing('a', 'b', '1'), crossing('b', 'a', '2')]);
  const rows = await database.reader.selectFrom('settings').select('value').execute();
  expect(rows.map(({ value }) => value.split('').toSorted().join(''))).toEqual(['12', '12']);
  expect(arrived).toBe(3);
});

it('gives instants, counts and ids as the repositories expect them', async () => {
  const { reader } = await openTestDatabase();
  const { rows } = await sql`select '2026-01-31 14:00:00.5+02'::timestamptz as instant, count(*) as count,
    '01A20A06-76E5-701A-ADDD-51B6E37C3987'::uuid as id from posts`.execute(reader);
  expect(rows).toEqual([
    { instant: '2026-01-31T12:00:00.500Z', count: 0, id: '01a20a06-76e5-701a-addd-51b6e37c3987' },
  ]);
});
