import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createBlogSystem } from '../../src/app.ts';
import { copyDatabase } from '../../src/backup/index.ts';
import { everyTable, searchTable } from '../../src/backup/tables.ts';
import { storedText } from '../../src/content/stored-text.ts';
import { renderContent } from '../../src/content/worker.ts';
import { openBlog, type TestBlog } from '../support/blog.ts';
import { openTestDatabase } from '../support/database.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const quiet = { force: false, onProgress: () => {} };
const forced = { ...quiet, force: true };

/** A little of everything that a blog can have, with more posts than one page of a copy. */
async function furnishedBlog(): Promise<TestBlog> {
  const blog = await openBlog();
  await blog.identity.createToken({ name: 'deploy', role: 'editor' });
  const ids: string[] = [];
  for (let number = 0; number < 230; number++) {
    const status = number % 10 === 3 ? 'draft' : 'published';
    const tags = [`Tag ${number % 7}`, 'Ünïcode'];
    const content = `# Words\n\nabout *n${number}*`;
    ids.push((await blog.posts.create({ title: `Post ${number}`, content, tags, status })).id);
  }
  await blog.posts.update(ids[0] ?? '', { slug: 'moved', title: 'Moved' });
  await blog.posts.delete(ids[1] ?? '');
  await blog.posts.delete(ids.at(-1) ?? '');
  return blog;
}

/** Every row of the tables, without the numbers that are SQLite's own affair. */
function rowsOf(path: string): Record<string, string[]> {
  const database = new DatabaseSync(path);
  const read = (name: string) =>
    database
      .prepare(`select * from ${name}`)
      .all()
      .map(({ seq: _, ...row }) => JSON.stringify(row))
      .sort();
  const rows = everyTable.map(({ name }) => [name, read(name)] as const);
  const sequence = database.prepare("select seq from sqlite_sequence where name = 'changes'").all();
  database.close();
  return { ...Object.fromEntries(rows), sequence: sequence.map((row) => JSON.stringify(row)) };
}

test('the copy has every row, the totals and the numbers of changes, and finds what the source finds', async () => {
  const blog = await furnishedBlog();
  const { path: folder } = await temporaryFolder();
  const path = join(folder, 'new', 'copy.db');
  // The last changes are trimmed away: the next one must not get a number again.
  const [last] = rowsOf(blog.path)['sequence'] ?? [];
  await blog.database.transaction((trx) => trx.deleteFrom('changes').where('sequence', '>', 200).execute());

  const seen: [number, number][] = [];
  const onProgress = (done: number, total: number) => seen.push([done, total]);
  const report = await copyDatabase(`sqlite:${blog.path}`, `sqlite:${path}`, { force: false, onProgress });
  expect(report).toMatchObject({
    mendedTotals: false,
    rows: { posts: 228, changes: 200, tokens: 1, redirects: 1 },
  });
  expect(seen.at(-1)?.[0]).toBe(seen.at(-1)?.[1]);
  expect(rowsOf(path)).toEqual(rowsOf(blog.path));
  expect(rowsOf(path)['sequence']).toEqual([last]);

  const copy = await createBlogSystem({ database: { url: `sqlite:${path}` }, log: { level: 'silent' } });
  try {
    for (const q of ['n17', 'words', 'moved', 'tag', 'unicode wor', 'missing']) {
      expect(await copy.posts.list({ q })).toEqual(await blog.posts.list({ q }));
    }
    expect(await copy.tags.list()).toEqual(await blog.tags.list());
    await copy.posts.create({ title: 'After', content: 'Text' });
  } finally {
    await copy.close();
  }
  expect(Number(JSON.parse(rowsOf(path)['sequence']?.[0] ?? '{}').seq)).toBe(
    JSON.parse(last ?? '{}').seq + 1,
  );
});

test('replaces a blog only with --force, and then all of it', async () => {
  const blog = await furnishedBlog();
  const other = await openBlog();
  await other.posts.create({ title: 'Old words', content: 'vanishing', tags: ['old'] });
  const before = rowsOf(other.path);
  const copy = (options: typeof quiet) =>
    copyDatabase(`sqlite:${blog.path}`, `sqlite:${other.path}`, options);
  await expect(copy(quiet)).rejects.toThrow(/has content already.*--force/);
  expect(rowsOf(other.path)).toEqual(before);
  await copy(forced);
  expect(rowsOf(other.path)).toEqual(rowsOf(blog.path));
  expect((await other.posts.list({ q: 'vanishing' })).total).toBe(0);
  expect((await other.posts.list({ q: 'words', limit: 1 })).total).toBe(
    (await blog.posts.list({ q: 'words', limit: 1 })).total,
  );
});

test('mends totals that were wrong, and says so', async () => {
  const blog = await furnishedBlog();
  await blog.database.transaction((trx) => trx.updateTable('post_totals').set({ total: 5 }).execute());
  const { path: folder } = await temporaryFolder();
  const report = await copyDatabase(`sqlite:${blog.path}`, `sqlite:${folder}/copy.db`, quiet);
  expect(report.mendedTotals).toBe(true);
  const copy = new DatabaseSync(join(folder, 'copy.db'));
  expect(copy.prepare("select sum(total) as n from post_totals where scope = 'all'").get()).toEqual({
    n: 228,
  });
  copy.close();
});

test('a failure leaves the target as it was', async () => {
  const blog = await furnishedBlog();
  const { path: folder } = await temporaryFolder();
  await blog.database.transaction(async (trx) => {
    await sql`update posts set type = 'note' where slug = 'post-5'`.execute(trx);
  });
  await expect(copyDatabase(`sqlite:${blog.path}`, `sqlite:${folder}/copy.db`, quiet)).rejects.toThrow(
    /type note/,
  );
  expect(Object.values(rowsOf(join(folder, 'copy.db'))).flat()).toEqual([]);
});

test('names a source that is not there, or is the target', async () => {
  const { path: folder } = await temporaryFolder();
  const missing = `sqlite:${folder}/missing.db`;
  await expect(copyDatabase(missing, `sqlite:${folder}/copy.db`, quiet)).rejects.toThrow(/no database at/);
  expect(existsSync(join(folder, 'copy.db'))).toBe(false);
  await expect(copyDatabase(missing, missing, forced)).rejects.toThrow(/another target/);
});

test('no table is left out', async () => {
  const database = await openTestDatabase();
  const tables = await database.reader.introspection.getTables();
  const names = tables.map(({ name }) => name).filter((name) => !name.startsWith(searchTable));
  expect(names.sort()).toEqual(everyTable.map(({ name }) => name).sort());
});

test.each([
  '# Title\n\nSome *text*, `code` and a [link](https://example.com).\n\n```js\nconst a = 1;\n```',
  '- one\n- two\n\n> quoted[^1]\n\n[^1]: A note.\n\n| a | b |\n|---|---|\n| 1 | 2 |',
  '## Two\n\n- [ ] to do\n\n<figure><img src="/a.png" alt="x"><figcaption>Said</figcaption></figure>\n\n&lt;b&gt;',
])('the words of stored HTML are those that were found when it was rendered', (content) => {
  const { html, text } = renderContent({ content, format: 'markdown' });
  expect(storedText(html)).toBe(text);
});
