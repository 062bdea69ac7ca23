/** Each list is a range of one index: nothing scans the posts, nothing sorts more than a page. */
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { beforeAll, expect, it } from 'vitest';
import { fillDatabase } from '../../bench/data/fill.ts';
import { AuthorRepository } from '../../src/blog/authors/repository.ts';
import { PostRepository } from '../../src/blog/posts/repository/repository.ts';
import { TagRepository } from '../../src/blog/tags/repository.ts';
import type { DatabaseManager } from '../../src/database/manager.ts';
import { openDatabase } from '../../src/database/open.ts';
import { createDatabasePlace } from '../support/database-kinds.ts';

interface Statement {
  sql: string;
  parameters: SQLInputValue[];
}

/** The database with each statement that is read noted in `statements`. */
function noting(database: DatabaseManager, statements: Statement[]): DatabaseManager {
  const reader = database.reader.withPlugin({
    transformQuery({ node, queryId }) {
      const { sql, parameters } = database.reader.getExecutor().compileQuery(node, queryId);
      statements.push({
        sql,
        parameters: parameters.map((value) => (typeof value === 'number' ? value : String(value))),
      });
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  return { ...database, reader };
}

const id = '01a20a06-76e5-701a-addd-51b6e37c3987';
const after = { sortAt: '2026-01-01T00:00:00.000Z', id };
const range = { direction: 'desc', offset: 0, limit: 11, withTexts: false } as const;
const published = { type: 'post', status: 'published' } as const;
const anyStatus = { type: 'post', status: null } as const;

/** Each query by its name. */
const queries: Record<string, (parts: Parts) => Promise<unknown>> = {
  'a post by id': ({ posts }) => posts.findById(id),
  'a post by slug': ({ posts }) => posts.findBySlug('x'),
  'a post by source': ({ posts }) => posts.findBySource('x'),
  'published posts': ({ posts }) => posts.list(published, range),
  'published posts with texts': ({ posts }) => posts.list(published, { ...range, withTexts: true }),
  'published posts after a cursor': ({ posts }) => posts.list(published, { ...range, after }),
  'published posts, oldest first': ({ posts }) =>
    posts.list(published, { ...range, direction: 'asc', after }),
  'posts of any status': ({ posts }) => posts.list(anyStatus, { ...range, after }),
  'posts of a tag': ({ posts }) => posts.list({ ...published, tagId: 't' }, { ...range, after }),
  'posts of a tag and any status': ({ posts }) =>
    posts.list({ ...anyStatus, tagId: 't' }, { ...range, after }),
  'posts of an author': ({ posts }) => posts.list({ ...published, authorId: 'a' }, { ...range, after }),
  'posts of an author and any status': ({ posts }) =>
    posts.list({ ...anyStatus, authorId: 'a' }, { ...range, after }),
  'posts of a tag and an author': ({ posts }) =>
    posts.list({ ...published, tagId: 't', authorId: 'a' }, { ...range, after }),
  'total of all': ({ posts }) => posts.total(published),
  'total of a tag': ({ posts }) => posts.total({ ...published, tagId: 't' }),
  'total of an author': ({ posts }) => posts.total({ ...anyStatus, authorId: 'a' }),
  'a search': ({ posts }) =>
    posts.search('some words', published, { offset: 0, limit: 10, withTexts: false }),
  'what is due': ({ posts }) => posts.scheduled(1),
  'addresses for the sitemap': ({ posts }) => posts.addresses(id, 100),
  'ids for the export': ({ posts }) => posts.idsAfter(id, 100),
  'a redirect': ({ posts }) => posts.redirect('/x/'),
  revisions: ({ posts }) => posts.revisions('x'),
  'a remembered answer': ({ posts }) => posts.rememberedAnswer('x'),
  'a tag': ({ tags }) => tags.find('x'),
  'an author': ({ authors }) => authors.find('x'),
};

interface Parts {
  posts: PostRepository;
  tags: TagRepository;
  authors: AuthorRepository;
}

const noted = new Map<string, Statement[]>();
let plans: DatabaseSync;

beforeAll(async () => {
  const statements: Statement[] = [];
  const { url, remove } = await createDatabasePlace();
  // As many posts as make a difference to how long a wrong plan takes.
  await fillDatabase(url, 20_000);
  const database = await openDatabase({ url, poolSize: 1, replicaUrls: [] });
  await database.transaction(async (trx) => {
    await trx.insertInto('tags').values({ id: 't', slug: 't', name: 'T', description: null }).execute();
  });
  const watched = noting(database, statements);
  const parts = {
    posts: new PostRepository(watched),
    tags: new TagRepository(watched),
    authors: new AuthorRepository(watched),
  };
  for (const [name, run] of Object.entries(queries)) {
    await run(parts);
    noted.set(name, statements.splice(0));
  }
  plans = new DatabaseSync(url.slice('sqlite:'.length), { readOnly: true });
  return async () => {
    plans.close();
    await database.close();
    await remove();
  };
});

/** SQLite's plan, one line a step (https://sqlite.org/eqp.html). */
function planOf({ sql, parameters }: Statement): string[] {
  return plans
    .prepare(`explain query plan ${sql}`)
    .all(...parameters)
    .map((step) => String(step['detail']));
}

/** The tags of one post, a few, are sorted by their position; posts never are. */
function isSort(detail: string, _at: number, plan: string[]): boolean {
  const isOfTags = plan[0]?.endsWith('(post_id=?)') && detail === 'USE TEMP B-TREE FOR LAST TERM OF ORDER BY';
  return detail.includes('TEMP B-TREE') && !isOfTags;
}

it.each(Object.keys(queries))('%s', (name) => {
  const statements = noted.get(name) ?? [];
  expect(statements).not.toEqual([]);
  for (const statement of statements) {
    const plan = planOf(statement);
    // What is scanned may be the page that a subquery found, or the search index, never a table.
    for (const step of plan.filter((detail) => detail.startsWith('SCAN')))
      expect(step).toMatch(/^SCAN (page|post_search VIRTUAL TABLE|newest|candidate|match|totals)/);
    // A search is ordered by relevance, which no index has.
    if (name !== 'a search') expect(plan.filter(isSort)).toEqual([]);
    else expect(plan.join()).not.toContain('posts_listed');
  }
  expect(statements.map(({ sql }) => sql)).toMatchSnapshot();
});
