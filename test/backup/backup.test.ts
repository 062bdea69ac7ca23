import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { backupDatabase, restoreDatabase } from '../../src/backup/index.ts';
import { openBlog } from '../support/blog.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const quiet = { force: false, onProgress: () => {} };
const forced = { ...quiet, force: true };
const backUp = (path: string, file: string, options = quiet) =>
  backupDatabase(`sqlite:${path}`, file, '1.2.3', options);
const restore = (file: string, path: string, options = quiet) =>
  restoreDatabase(file, `sqlite:${path}`, options);

/** Every row of every table, those of the search index included. */
function content(path: string): Record<string, unknown[]> {
  const database = new DatabaseSync(path);
  try {
    const names = database.prepare("select name from sqlite_schema where type = 'table' order by name").all();
    return Object.fromEntries(
      names.map(({ name }) => {
        const rows = database.prepare(`select * from "${name}"`).all();
        return [String(name), rows.map((row) => JSON.stringify(row)).sort()];
      }),
    );
  } finally {
    database.close();
  }
}

async function blogWithPosts(count: number) {
  const blog = await openBlog();
  for (let number = 0; number < count; number++) {
    await blog.posts.create({ title: `Post ${number}`, content: 'Some words.', tags: [`tag ${number % 7}`] });
  }
  return blog;
}

test('a drill: what is restored is one state of the database, row by row, though it was written to meanwhile', async () => {
  const blog = await blogWithPosts(200);
  const { path: folder } = await temporaryFolder();
  const file = join(folder, 'blog.backup');

  let isDone = false;
  const writing = (async () => {
    const ids: string[] = [];
    for (let number = 0; !isDone; number++) {
      ids.push((await blog.posts.create({ title: `Later ${number}`, content: 'More.', tags: ['later'] })).id);
      if (number % 3 === 2) await blog.posts.delete(ids[number - 1] ?? '');
    }
    return ids.length;
  })();
  const manifest = await backUp(blog.path, file);
  isDone = true;
  const written = await writing;

  const restored = join(folder, 'restored.db');
  expect(await restore(file, restored)).toEqual(manifest);
  const rows = content(restored);
  for (const [table, count] of Object.entries(manifest.rows)) expect(rows[table]).toHaveLength(count);
  expect(written).toBeGreaterThan(0);
  // One instant: whatever was written before it is there whole, and nothing after.
  const database = new DatabaseSync(restored);
  const one = (sql: string) => Object.values(database.prepare(sql).get() ?? {})[0];
  expect(one('select count(*) from posts')).toBeGreaterThanOrEqual(200);
  expect(one("select sum(total) from post_totals where scope = 'all'")).toBe(
    one('select count(*) from posts'),
  );
  expect(one("select count(*) from changes where kind = 'post.created'")).toBe(
    one('select max(seq) from posts'),
  );
  expect(one('select count(*) from post_search_docsize')).toBe(one('select count(*) from posts'));
  expect(
    one('select count(*) from posts p where not exists (select 1 from revisions r where r.post_id = p.id)'),
  ).toBe(0);
  expect(one('pragma integrity_check')).toBe('ok');
  database.close();
});

test('with nobody writing, the restored database equals the one that was backed up', async () => {
  const blog = await blogWithPosts(20);
  await blog.identity.createToken({ name: 'deploy', role: 'editor' });
  const { path: folder } = await temporaryFolder();
  await backUp(blog.path, join(folder, 'blog.backup'));
  await restore(join(folder, 'blog.backup'), join(folder, 'new/restored.db'));
  expect(content(join(folder, 'new/restored.db'))).toEqual(content(blog.path));
  expect(await readdir(folder)).toEqual(['blog.backup', 'new']);
});

test('replaces nothing without --force', async () => {
  const blog = await blogWithPosts(1);
  const { path: folder } = await temporaryFolder({ 'taken.backup': 'mine', 'taken.db': 'mine' });
  const taken = join(folder, 'taken.backup');
  await expect(backUp(blog.path, taken)).rejects.toThrow(/taken\.backup exists already.*--force/);
  expect(await readFile(taken, 'utf8')).toBe('mine');
  await backUp(blog.path, taken, forced);
  await expect(restore(taken, join(folder, 'taken.db'))).rejects.toThrow(/taken\.db already.*--force/);
  expect(await readFile(join(folder, 'taken.db'), 'utf8')).toBe('mine');
  // What is no database, or a broken one, is what a backup is for.
  await restore(taken, join(folder, 'taken.db'), forced);
  expect(content(join(folder, 'taken.db'))).toEqual(content(blog.path));
});

test('leaves a database alone that a server uses; replaces it, with what is in its log, when the server has stopped', async () => {
  const blog = await blogWithPosts(1);
  const { path: folder } = await temporaryFolder();
  const file = join(folder, 'blog.backup');
  await backUp(blog.path, file);
  await blog.posts.create({ title: 'After the backup', content: 'Text' });
  const before = content(blog.path);
  await expect(restore(file, blog.path, forced)).rejects.toThrow(/in use by a running server.*Stop it/);
  expect(content(blog.path)).toEqual(before);
  expect((await blog.reader.get('/posts/after-the-backup')).statusCode).toBe(200);

  // As a crash leaves it: with a log that was not yet written back.
  const crashed = join(folder, 'crashed.db');
  for (const suffix of ['', '-wal']) await copyFile(`${blog.path}${suffix}`, `${crashed}${suffix}`);
  await restore(file, crashed, forced);
  expect(existsSync(`${crashed}-wal`)).toBe(false);
  expect(content(crashed)['posts']).toHaveLength(1);
});

test('refuses what is no whole backup, and leaves nothing behind', async () => {
  const blog = await blogWithPosts(5);
  const { path: folder } = await temporaryFolder();
  const file = join(folder, 'blog.backup');
  await backUp(blog.path, file);
  const bytes = await readFile(file);
  const target = join(folder, 'target.db');
  const refused = async (name: string, pattern: RegExp) => {
    await expect(restore(join(folder, name), target)).rejects.toThrow(pattern);
    expect((await readdir(folder)).filter((entry) => !entry.endsWith('.backup'))).toEqual([]);
  };

  await copyFile(file, join(folder, 'short.backup'));
  await truncate(join(folder, 'short.backup'), bytes.length - 1);
  await refused('short.backup', /short\.backup is damaged: it has \d+ bytes of \d+/);
  for (const position of [30, 8192, 8400, Math.floor((bytes.length + 8192) / 2), bytes.length - 1]) {
    const flipped = Buffer.from(bytes);
    flipped[position] = (flipped[position] ?? 0) ^ 1;
    await writeFile(join(folder, 'flipped.backup'), flipped);
    await refused('flipped.backup', /flipped\.backup is damaged: .*use another backup/);
  }
  await writeFile(join(folder, 'other.backup'), 'some other file');
  await refused('other.backup', /is not a backup of Broadsheet/);
  await refused('missing.backup', /There is no file .*missing\.backup/);
});

test('refuses a backup whose schema is newer than the program', async () => {
  const blog = await blogWithPosts(1);
  await blog.close();
  const { path: folder } = await temporaryFolder();
  const later = join(folder, 'later.db');
  const file = join(folder, 'later.backup');
  const other = await blogWithPosts(1);
  await backUp(other.path, file);
  await restore(file, later);
  const database = new DatabaseSync(later);
  database.exec(
    "insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01T00:00:00.000Z')",
  );
  database.close();
  await backUp(later, file, forced);
  await expect(restore(file, join(folder, 'target.db'))).rejects.toThrow(
    /later\.backup: The database is newer.*9999-later/,
  );
  expect(existsSync(join(folder, 'target.db'))).toBe(false);
});

test('names a database that is not there, or is none of a blog', async () => {
  const { path: folder } = await temporaryFolder();
  await expect(backUp(join(folder, 'missing.db'), join(folder, 'a'))).rejects.toThrow(
    /There is no database at/,
  );
  const empty = new DatabaseSync(join(folder, 'empty.db'));
  empty.exec('create table notes (text text)');
  empty.close();
  await expect(backUp(join(folder, 'empty.db'), join(folder, 'a'))).rejects.toThrow(/has no blog in it/);
});
