import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PostJson } from '../../src/blog/posts/schemas.ts';
import { type Client, createBlog, openBlog, type TestBlog } from '../support/blog.ts';

let blog: TestBlog;
let all: PostJson[];

/** Few times, so that many posts share one; their order is then that of their ids. */
const times = ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z', '2026-02-01T12:30:00.000Z'];

beforeAll(async () => {
  blog = await createBlog();
  const made: PostJson[] = [];
  for (let index = 0; index < 37; index += 1) {
    made.push(
      await blog.owner.create({
        title: `Post ${index}`,
        content: index % 4 === 0 ? 'about otters' : 'about badgers',
        publishedAt: times[index % times.length],
        tags: [['red', 'blue'][index % 2] ?? '', 'every'],
        author: index % 5 === 0 ? 'Second Writer' : 'First Writer',
        ...(index % 7 === 6 ? { status: 'draft' } : {}),
      }),
    );
  }
  await blog.owner.create({ title: 'A page', content: 'otters', type: 'page', tags: ['every'] });
  all = made.toSorted((left, right) => compare(right, left));
});
afterAll(() => blog.close());

function compare(left: PostJson, right: PostJson): number {
  const key = (post: PostJson) => `${post.publishedAt ?? post.createdAt} ${post.id}`;
  return key(left) < key(right) ? -1 : 1;
}

/** Follows `Link: rel="next"` to the end. */
async function walk(client: Client, url: string): Promise<{ posts: PostJson[]; totals: number[] }> {
  const posts: PostJson[] = [];
  const totals: number[] = [];
  for (let next: string | undefined = url; next !== undefined; ) {
    const response = await client.get(next);
    expect(response.statusCode).toBe(200);
    const page = response.json();
    posts.push(...page.posts);
    totals.push(page.total);
    next = /^<([^>]+)>; rel="next"$/.exec(String(response.headers.link))?.[1];
    expect(next === undefined).toBe(page.next === null);
  }
  return { posts, totals };
}

const ids = (posts: PostJson[]) => posts.map((post) => post.id);
const isRed = (post: PostJson) => post.tags.some((tag) => tag.slug === 'red');
const isSecond = (post: PostJson) => post.author.slug === 'second-writer';

describe('a walk by cursor', () => {
  const filters: [string, (post: PostJson) => boolean][] = [
    ['', () => true],
    ['tag=red', isRed],
    ['author=second-writer', isSecond],
    ['tag=red&author=second-writer', (post) => isRed(post) && isSecond(post)],
    ['tag=none', () => false],
    ['author=nobody', () => false],
  ];
  const statuses: [string, (post: PostJson) => boolean][] = [
    ['', (post) => post.status === 'published'],
    ['status=published', (post) => post.status === 'published'],
    ['status=draft', (post) => post.status === 'draft'],
    ['status=any', () => true],
  ];

  it('has every post exactly once, in order, with the right total, whatever the filter and the page', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...filters),
        fc.constantFrom(...statuses),
        fc.constantFrom('', 'sort=-publishedAt', 'sort=publishedAt'),
        fc.integer({ min: 1, max: 40 }),
        async ([filter, matches], [status, hasStatus], sort, limit) => {
          const expected = ids(all.filter((post) => matches(post) && hasStatus(post)));
          if (sort === 'sort=publishedAt') expected.reverse();
          const query = [filter, status, sort, `limit=${limit}`].filter(Boolean).join('&');
          const { posts, totals } = await walk(blog.owner, `/posts?${query}`);
          expect(ids(posts)).toEqual(expected);
          expect(new Set(totals)).toEqual(new Set([expected.length]));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is not disturbed by posts that come and go meanwhile', async () => {
    const first = (await blog.reader.get('/posts?limit=5')).json();
    const added = await blog.owner.create({ title: 'Newest', content: 'x' });
    const rest = await walk(blog.reader, `/posts?limit=5&after=${first.next}`);
    await blog.owner.delete(`/posts/${added.id}`);
    const expected = all.filter((post) => post.status === 'published');
    expect(ids([...first.posts, ...rest.posts])).toEqual(ids(expected));
  });

  it('finds every match of a search once', async () => {
    const { posts, totals } = await walk(blog.reader, '/posts?q=otters&limit=2');
    const published = all.filter((post) => post.status === 'published');
    const otters = await blog.reader.get('/posts?q=otters&limit=100&include=content');
    expect(ids(posts).toSorted()).toEqual(ids(otters.json().posts).toSorted());
    expect(new Set(ids(posts)).size).toBe(totals[0]);
    for (const post of otters.json().posts) {
      expect(post.content).toContain('otters');
      expect(ids(published)).toContain(post.id);
    }
  });

  it('belongs to its list', async () => {
    const { next } = (await blog.reader.get('/posts?limit=2')).json();
    for (const other of ['tag=red', 'sort=publishedAt', 'q=otters', 'type=page', 'author=first-writer']) {
      const response = await blog.reader.get(`/posts?${other}&after=${next}`);
      expect([other, response.json().code]).toEqual([other, 'invalid_cursor']);
    }
  });
});

describe('a page', () => {
  it('by offset is the same as by cursor', async () => {
    const { posts } = await walk(blog.reader, '/posts?limit=4');
    for (const offset of [0, 1, 7, 30, 40]) {
      const page = (await blog.reader.get(`/posts?limit=4&offset=${offset}`)).json();
      expect(ids(page.posts)).toEqual(ids(posts).slice(offset, offset + 4));
      expect(page).toMatchObject({ limit: 4, offset });
    }
  });

  it('has texts only where they are asked for', async () => {
    const [plain] = (await blog.reader.get('/posts?limit=1')).json().posts;
    expect(plain).not.toHaveProperty('content');
    expect(plain).not.toHaveProperty('html');
    const [whole] = (await blog.reader.get('/posts?limit=1&include=content')).json().posts;
    expect(whole).toEqual((await blog.reader.get(`/posts/${whole.slug}`)).json());
  });

  it('of pages has pages', async () => {
    const page = (await blog.reader.get('/posts?type=page')).json();
    expect([page.total, page.posts[0].type]).toEqual([1, 'page']);
  });

  it('keeps the filters in its Link and drops the offset', async () => {
    const response = await blog.reader.get('/posts?tag=red&limit=3&offset=3');
    const next = new URL(/<([^>]+)>/.exec(String(response.headers.link))?.[1] ?? '', 'http://localhost');
    expect(Object.fromEntries(next.searchParams)).toEqual({
      tag: 'red',
      limit: '3',
      after: response.json().next,
    });
  });

  it('finds words by their stem, the beginning of the last one, and ranks titles first', async () => {
    const own = await openBlog();
    await own.owner.create({ title: 'Other', content: 'running with wolves' });
    await own.owner.create({ title: 'Wolves', content: 'in the forest', slug: 'w' });
    const found = async (q: string) =>
      (await own.reader.get(`/posts?q=${encodeURIComponent(q)}`))
        .json()
        .posts.map((post: PostJson) => post.slug);
    expect(await found('wolves')).toEqual(['w', 'other']);
    expect(await found('run')).toEqual(['other']);
    expect(await found('fores')).toEqual(['w']);
    expect(await found('wolves running')).toEqual(['other']);
    expect(await found('wolves OR nothing')).toEqual([]);
    expect(await found('"')).toEqual([]);
  });
});

describe('tags and authors', () => {
  it('have the number of their published posts', async () => {
    const published = all.filter((post) => post.status === 'published');
    const { tags } = (await blog.reader.get('/tags')).json();
    expect(tags.map(({ slug, posts }: { slug: string; posts: number }) => [slug, posts])).toEqual([
      ['blue', published.filter((post) => !isRed(post)).length],
      ['every', published.length],
      ['red', published.filter(isRed).length],
    ]);
    const author = (await blog.reader.get('/authors/second-writer')).json();
    expect(author).toMatchObject({ name: 'Second Writer', posts: published.filter(isSecond).length });
    expect((await blog.reader.get('/tags/red')).json().url).toBe('http://127.0.0.1:8000/tag/red/');
  });

  it('of drafts only are not there', async () => {
    const own = await openBlog();
    await own.owner.create({ title: 'x', content: 'y', status: 'draft', tags: ['secret'], author: 'Hidden' });
    for (const [url, code] of [
      ['/tags/secret', 'tag_not_found'],
      ['/authors/hidden', 'author_not_found'],
    ] as const) {
      const [hidden, never] = [await own.reader.get(url), await own.reader.get(`${url}-never`)];
      expect([hidden.statusCode, hidden.json().code]).toEqual([404, code]);
      expect({ ...hidden.json(), requestId: '' }).toEqual({ ...never.json(), requestId: '' });
    }
    expect((await own.reader.get('/tags')).json()).toEqual({ tags: [] });
    expect((await own.reader.get('/authors')).json()).toEqual({ authors: [] });
  });
});
