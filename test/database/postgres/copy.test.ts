import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { createBlogSystem } from '../../../src/app.ts';
import { backupDatabase, copyDatabase, restoreDatabase } from '../../../src/backup/index.ts';
import { everyTable } from '../../../src/backup/tables.ts';
import { createDatabasePlace } from '../../support/database-kinds.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const quiet = { force: false, onProgress: () => {} };

async function emptyPostgres(): Promise<string> {
  const { url, remove } = await createDatabasePlace();
  onTestFinished(remove);
  return url;
}

function openOn(url: string) {
  return createBlogSystem({
    database: { url },
    log: { level: 'silent' },
    performance: { backgroundTasks: false },
  });
}

/** Makes a blog on SQLite with a little of everything, closed again. */
async function furnish(url: string): Promise<void> {
  const blog = await openOn(url);
  try {
    await blog.identity.createToken({ name: 'deploy', role: 'editor' });
    const ids: string[] = [];
    for (let number = 0; number < 210; number++) {
      const status = number % 10 === 3 ? 'draft' : 'published';
      const tags = [`Tag ${number % 7}`, 'Ünïcode', 'Zebra', 'apple'];
      ids.push(
        (await blog.posts.create({ title: `Post ${number}`, content: `# H\n\nn${number}`, tags, status })).id,
      );
    }
    await blog.posts.update(ids[0] ?? '', { slug: 'moved', title: 'Moved' });
    await blog.posts.delete(ids.at(-1) ?? '');
    // The number of the last change must be kept though its row is gone.
    await blog.database.transaction((trx) => trx.deleteFrom('changes').where('sequence', '>', 200).execute());
  } finally {
    await blog.close();
  }
}

function rowsOf(path: string): Record<string, string[]> {
  const database = new DatabaseSync(path);
  const read = (sql: string) =>
    database
      .prepare(sql)
      .all()
      .map(({ seq: _, ...row }) => JSON.stringify(row))
      .sort();
  const rows = everyTable.map(({ name }) => [name, read(`select * from ${name}`)] as const);
  const sequence = read("select name, seq as last from sqlite_sequence where name = 'changes'");
  database.close();
  return { ...Object.fromEntries(rows), sequence };
}

test('a blog goes from SQLite to PostgreSQL and back, and is the same, row by row', async () => {
  const { path: folder } = await temporaryFolder();
  const [first, second] = [join(folder, 'first.db'), join(folder, 'second.db')];
  const postgres = await emptyPostgres();
  await furnish(`sqlite:${first}`);

  const there = await copyDatabase(`sqlite:${first}`, postgres, quiet);
  const back = await copyDatabase(postgres, `sqlite:${second}`, quiet);
  expect(there).toMatchObject({ mendedTotals: false, rows: { posts: 209, changes: 200, redirects: 1 } });
  expect(back).toEqual(there);
  expect(rowsOf(second)).toEqual(rowsOf(first));
  await expect(copyDatabase(`sqlite:${first}`, postgres, quiet)).rejects.toThrow(/has content already/);
  await copyDatabase(`sqlite:${first}`, postgres, { ...quiet, force: true });

  const last = Number(JSON.parse(rowsOf(first)['sequence']?.[0] ?? '{}').last);
  const blog = await openOn(postgres);
  try {
    expect((await blog.posts.list({ q: 'n177' })).posts.map(({ title }) => title)).toEqual(['Post 177']);
    expect((await blog.posts.list({ limit: 1 })).total).toBe(188);
    await blog.posts.create({ title: 'After', content: 'Text' });
    const newest = await blog.database.reader
      .selectFrom('changes')
      .select('sequence')
      .orderBy('sequence', 'desc')
      .execute();
    expect(Number(newest[0]?.sequence)).toBe(last + 1);
  } finally {
    await blog.close();
  }
});

test('a backup of PostgreSQL is restored to PostgreSQL or SQLite, and is the same', async () => {
  const { path: folder } = await temporaryFolder();
  const [first, second] = [join(folder, 'first.db'), join(folder, 'second.db')];
  const [source, target] = [await emptyPostgres(), await emptyPostgres()];
  await furnish(`sqlite:${first}`);
  await copyDatabase(`sqlite:${first}`, source, quiet);
  const file = join(folder, 'blog.backup');

  expect(await backupDatabase(source, file, '1.2.3', quiet)).toMatchObject({
    kind: 'postgres',
    rows: { posts: 209 },
  });
  await restoreDatabase(file, `sqlite:${second}`, quiet);
  expect(rowsOf(second)).toEqual(rowsOf(first));
  await restoreDatabase(file, target, quiet);
  await expect(restoreDatabase(file, target, quiet)).rejects.toThrow(/has content already.*--force/);
  const third = join(folder, 'third.db');
  await copyDatabase(target, `sqlite:${third}`, quiet);
  expect(rowsOf(third)).toEqual(rowsOf(first));
});
