/** Each list is a range of one index: nothing scans the posts, nothing sorts more than a page. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthorRepository } from '../../../src/blog/authors/repository.ts';
import { PostRepository } from '../../../src/blog/posts/repository/repository.ts';
import { TagRepository } from '../../../src/blog/tags/repository.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { type Plan, plansOf, scansOf, sortsOf } from './plans.ts';

/** Enough that reading them all would cost more than an index. */
const posts = 20_000;
const tags = 40;
const idOf = (kind: string, number: number) =>
  `${kind}0000000-0000-7000-8000-${String(number).padStart(12, '0')}`;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await fill();
});
afterAll(() => database.close());

async function fill(): Promise<void> {
  await database.transaction(async (trx) => {
    const id = sql`('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid`;
    const of = (kind: string, n: string) =>
      sql.raw(`('${kind}0000000-0000-7000-8000-' || lpad((${n})::text, 12, '0'))::uuid`);
    await sql`insert into authors (id, slug, name)
      select ${of('a', 'n')}, 'author-' || n, 'Author ' || n from generate_series(0, 9) n`.execute(trx);
    await sql`insert into tags (id, slug, name)
      select ${of('b', 'n')}, 'tag-' || n, 'Tag ' || n from generate_series(0, ${sql.lit(tags - 1)}) n`.execute(
      trx,
    );
    const time = sql`timestamptz '2020-01-01' + n * interval '1 hour'`;
    const status = sql`case when n % 20 = 0 then 'draft' else 'published' end`;
    await sql`insert into posts (id, type, status, slug, title, format, excerpt, excerpt_is_custom, author_id,
        reading_minutes, version, published_at, sort_at, created_at, updated_at, source, content, html)
      select ${id}, 'post', ${status}, 'post-' || n, 'Post ' || n, 'markdown', '', 0, ${of('a', 'n % 10')},
        1, 1, ${time}, ${time}, ${time}, ${time}, 'test:' || n, '', '' from generate_series(1, ${sql.lit(posts)}) n`.execute(
      trx,
    );
    await sql`insert into post_tags (post_id, tag_id, position, type, status, sort_at)
      select ${id}, ${of('b', `(n + k * 7) % ${tags}`)}, k, 'post', ${status}, ${time}
      from generate_series(1, ${sql.lit(posts)}) n, generate_series(0, 1) k`.execute(trx);
    await sql`insert into post_search (post_id, words)
      select ${id}, to_tsvector('broadsheet', (select string_agg('w' || (n * 31 + k * 171) % 5000, ' ') from generate_series(1, 60) k)) from generate_series(1, ${sql.lit(posts)}) n`.execute(
      trx,
    );
    await sql`insert into post_totals (scope, scope_id, type, status, shard, total)
      select 'tag', t.id::text, 'post', 'published', shard, 10 from tags t, generate_series(0, 15) shard`.execute(
      trx,
    );
    await sql`insert into redirects (path, post_id, created_at)
      select '/old-' || n || '/', ${id}, ${time} from generate_series(1, 5000) n`.execute(trx);
  });
  for (const table of ['posts', 'post_tags', 'post_search', 'post_totals', 'redirects', 'tags', 'authors'])
    await sql`analyze ${sql.table(table)}`.execute(database.reader);
}

const id = idOf('0', 777);
const after = { sortAt: '2021-01-01T00:00:00.000Z', id };
const range = { direction: 'desc', offset: 0, limit: 11, withTexts: false } as const;
const published = { type: 'post', status: 'published' } as const;
const anyStatus = { type: 'post', status: null } as const;
const tagId = idOf('b', 3);
const authorId = idOf('a', 3);

interface Parts {
  posts: PostRepository;
  tags: TagRepository;
  authors: AuthorRepository;
}

const queries: [string, (parts: Parts) => Promise<unknown>][] = [
  ['a post by id', (blog) => blog.posts.findById(id)],
  ['a post by slug', (blog) => blog.posts.findBySlug('post-777')],
  ['a post by source', (blog) => blog.posts.findBySource('test:777')],
  ['published posts', (blog) => blog.posts.list(published, range)],
  ['published posts with texts', (blog) => blog.posts.list(published, { ...range, withTexts: true })],
  ['published posts after a cursor', (blog) => blog.posts.list(published, { ...range, after })],
  ['oldest first', (blog) => blog.posts.list(published, { ...range, direction: 'asc', after })],
  ['posts of any status', (blog) => blog.posts.list(anyStatus, { ...range, after })],
  ['posts of a tag', (blog) => blog.posts.list({ ...published, tagId }, { ...range, after })],
  ['posts of an author', (blog) => blog.posts.list({ ...published, authorId }, { ...range, after })],
  ['of an author and any status', (blog) => blog.posts.list({ ...anyStatus, authorId }, { ...range, after })],
  ['total of a tag', (blog) => blog.posts.total({ ...published, tagId })],
  ['what is due', (blog) => blog.posts.scheduled(1)],
  ['ids for the export', (blog) => blog.posts.idsAfter(id, 100)],
  ['a redirect', (blog) => blog.posts.redirect('/old-777/')],
  ['revisions', (blog) => blog.posts.revisions(id)],
];

describe.each(queries)('%s', (_, run) => {
  let plans: Plan[];
  beforeAll(async () => {
    plans = await plansOf(database, (watched) =>
      run({
        posts: new PostRepository(watched),
        tags: new TagRepository(watched),
        authors: new AuthorRepository(watched),
      }),
    );
  });

  it('reads posts and their relations by index', () => {
    expect(plans).not.toEqual([]);
    const big = ['posts', 'post_tags', 'post_totals', 'redirects', 'post_search'];
    expect(plans.flatMap(scansOf).filter((table) => big.includes(table))).toEqual([]);
  });

  it('sorts a page at most', () => {
    for (const sort of plans.flatMap(sortsOf)) expect(sort.rows).toBeLessThanOrEqual(200);
  });
});

it('finds words by the index of words', async () => {
  const plans = await plansOf(database, (watched) =>
    new PostRepository(watched).search('w777 w1234', published, { offset: 0, limit: 10, withTexts: false }),
  );
  expect(plans.flatMap(scansOf)).not.toContain('post_search');
});
