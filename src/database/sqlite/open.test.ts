import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openTestDatabase } from '../../../test/support/database.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { OperatorError } from '../../errors.ts';
import { openDatabase } from '../open.ts';

const open = (path: string) => openDatabase({ url: `sqlite:${path}`, poolSize: 1, replicaUrls: [] });

/** Enough rows to need more memory than a thread may have, in one query. */
const flood = sql<{
  i: number;
}>`with recursive n(i) as (select 1 union all select i + 1 from n limit 100000000)
  select i, hex(zeroblob(1000)) as text from n`;

it('says which file is no database, and leaves it as it was', async () => {
  const folder = await temporaryFolder({ 'notes.txt': 'These are my notes. '.repeat(100) });
  const path = join(folder.path, 'notes.txt');
  await expect(open(path)).rejects.toThrow(
    expect.objectContaining({
      name: 'OperatorError',
      message: `DATABASE_URL: the file ${path} is not a SQLite database. Point DATABASE_URL at another file, or move this one away.`,
    }),
  );
});

it('says what is in the way of a folder', async () => {
  const folder = await temporaryFolder({ file: 'x' });
  await expect(open(join(folder.path, 'file', 'blog.db'))).rejects.toThrow(OperatorError);
  await expect(open(folder.path)).rejects.toThrow(/cannot be opened/);
});

it('refuses a database that a later version has migrated, and changes nothing in it', async () => {
  const { url } = await openTestDatabase();
  const path = url.slice('sqlite:'.length);
  const file = new DatabaseSync(path);
  file.exec(`insert into kysely_migration (name, timestamp) values ('0999-from-the-future', '2099-01-01')`);
  const before = file.prepare('select * from kysely_migration').all();
  const database = await open(path);
  await expect(database.migrate()).rejects.toThrow(/newer than this program.*0999-from-the-future.*Install/);
  await expect(database.migrationStatus()).rejects.toThrow(OperatorError);
  await database.close();
  expect(file.prepare('select * from kysely_migration').all()).toEqual(before);
  file.close();
});

it('applies what is missing once, and knows what was applied', async () => {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'blog.db');
  const first = await open(path);
  expect((await first.migrationStatus()).map(({ appliedAt }) => appliedAt)).toContain(null);
  const second = await open(path);
  const applied = await Promise.all([first.migrate(), second.migrate()]);
  const names = (await first.migrationStatus()).map(({ name }) => name);
  expect(applied.flat().toSorted()).toEqual(names);
  expect(await first.migrate()).toEqual([]);
  await Promise.all([first.close(), second.close()]);
});

it('survives a query that takes more memory than a thread may have', async () => {
  const database = await openTestDatabase();
  await expect(flood.execute(database.reader)).rejects.toMatchObject({
    code: 'database_unavailable',
    status: 503,
    headers: { 'retry-after': '2' },
  });
  expect(await database.ping()).toBeGreaterThan(0);
}, 60_000);

it('writes on after a row whose number JavaScript has no exact number for, as pages of the search index have', async () => {
  const database = await openTestDatabase();
  const rowid = sql.lit(2n ** 53n + 1n);
  await database.transaction(async (trx) => {
    await sql`insert into post_search (rowid, title, tags, body) values (${rowid}, 'a', 'b', 'c')`.execute(
      trx,
    );
  });
  await database.transaction(async (trx) => {
    const row = { key: 'after', value: 'x', updated_at: '' };
    await trx.insertInto('settings').values(row).execute();
  });
  expect(await database.reader.selectFrom('settings').select('key').execute()).toEqual([{ key: 'after' }]);
});
