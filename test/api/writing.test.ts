import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBlog, openBlog, type TestBlog } from '../support/blog.ts';
import { rowCounts } from '../support/database.ts';
import { publishDue } from '../support/publish.ts';

let blog: TestBlog;
beforeAll(async () => {
  blog = await createBlog();
});
afterAll(() => blog.close());

const text = { title: 'Title', content: 'Content' };

describe('POST /posts', () => {
  it('stores a post and says where', async () => {
    const full = {
      title: 'A whole post',
      content: '# Head\n\nSome *text*.',
      slug: 'whole',
      excerpt: 'In short',
      tags: ['Fast Food', { slug: 'x', name: 'X!' }, 'fast food'],
      author: 'The Writer',
      featureImage: 'https://example.com/a.png',
      canonicalUrl: 'https://example.com/a',
      metaTitle: 'Meta',
      metaDescription: 'Described',
      publishedAt: '2026-01-31T14:00:00+02:00',
    };
    const response = await blog.owner.post('/posts', full);
    const post = response.json();
    expect(response.statusCode).toBe(201);
    expect(response.headers).toMatchObject({
      location: `/posts/${post.id}`,
      etag: '"v1"',
      'cache-control': 'private, no-store',
    });
    expect(post).toMatchObject({
      ...full,
      tags: [
        { slug: 'fast-food', name: 'Fast Food' },
        { slug: 'x', name: 'X!' },
      ],
      author: { slug: 'the-writer', name: 'The Writer' },
      publishedAt: '2026-01-31T12:00:00.000Z',
      status: 'published',
      version: 1,
      readingMinutes: 1,
      url: 'http://127.0.0.1:8000/whole/',
    });
    expect(post.html).toContain('<em>text</em>');
    for (const name of ['whole', post.id]) {
      const read = await blog.reader.get(`/posts/${name}`);
      expect(read.json()).toEqual(post);
      expect(read.headers.etag).toMatch(/^"v1[-"]/);
      expect(read.headers['last-modified']).toBe(new Date(post.updatedAt).toUTCString());
    }
  });

  it.each([
    ['Crème Brûlée!', 'creme-brulee'],
    ['日本語のブログ', '日本語のブログ'],
    ['Admin', 'admin-2'],
    ['Posts', 'posts-2'],
    ['🎉', 'post'],
  ])('makes a slug of %s', async (title, slug) => {
    const own = await openBlog();
    const post = await own.owner.create({ ...text, title });
    expect(post.slug).toBe(slug);
    expect((await own.reader.get(`/posts/${encodeURIComponent(slug)}`)).json().id).toBe(post.id);
    expect((await own.reader.get(new URL(post.url).pathname)).statusCode).toBe(200);
  });

  it('numbers slugs that are taken', async () => {
    const own = await openBlog();
    const slugs = [];
    for (let index = 0; index < 6; index += 1)
      slugs.push((await own.owner.create({ ...text, title: 'Same' })).slug);
    expect(slugs).toEqual(['same', 'same-2', 'same-3', 'same-4', 'same-5', 'same-6']);
    const taken = await own.owner.post('/posts', { ...text, slug: 'same' });
    expect([taken.statusCode, taken.json().code]).toEqual([409, 'slug_taken']);
  });

  it('gives concurrent posts of one title slugs of their own', async () => {
    const posts = await Promise.all(
      Array.from({ length: 40 }, () => blog.owner.create({ ...text, title: 'Race' })),
    );
    expect(new Set(posts.map((post) => post.slug)).size).toBe(40);
  });

  it('lets one of two concurrent posts have a slug', async () => {
    const send = () => blog.owner.post('/posts', { ...text, slug: 'wanted' });
    const statuses = (await Promise.all([send(), send(), send()])).map((response) => response.statusCode);
    expect(statuses.toSorted()).toEqual([201, 409, 409]);
  });
});

describe('PATCH, PUT and DELETE', () => {
  it('change what they name', async () => {
    const post = await blog.owner.create({ ...text, excerpt: 'Own', tags: ['a', 'b'], metaTitle: 'M' });
    const patched = (await blog.owner.patch(`/posts/${post.id}`, { title: 'New', tags: ['b', 'c'] })).json();
    expect(patched).toMatchObject({
      title: 'New',
      slug: post.slug,
      excerpt: 'Own',
      metaTitle: 'M',
      version: 2,
    });
    expect(patched.tags.map((tag: { slug: string }) => tag.slug)).toEqual(['b', 'c']);
    const cleared = (await blog.owner.patch(`/posts/${post.id}`, { excerpt: null, metaTitle: null })).json();
    expect(cleared).toMatchObject({ excerpt: 'Content', metaTitle: null });
    const put = (await blog.owner.put(`/posts/${post.id}`, { title: 'Put', content: 'other' })).json();
    expect(put).toMatchObject({ title: 'Put', tags: [], slug: post.slug, author: post.author, version: 4 });
    expect(put.publishedAt).toBe(post.publishedAt);
    expect((await blog.owner.delete(`/posts/${post.id}`)).statusCode).toBe(204);
    expect((await blog.owner.get(`/posts/${post.id}`)).statusCode).toBe(404);
    expect((await blog.owner.delete(`/posts/${post.id}`)).statusCode).toBe(404);
  });

  it('refuse an empty change and what is not theirs to set', async () => {
    const { id } = await blog.owner.create(text);
    for (const body of [{}, { id: 'x' }, { version: 9 }, { html: '<b>' }, { title: null }])
      expect((await blog.owner.patch(`/posts/${id}`, body)).statusCode).toBe(422);
    expect((await blog.owner.put(`/posts/${id}`, { title: 'no content' })).statusCode).toBe(422);
  });

  it('take an empty body of a named type for none', async () => {
    const { id } = await blog.owner.create(text);
    const response = await blog.owner.request('DELETE', `/posts/${id}`, '', {
      'content-type': 'application/json',
    });
    expect(response.statusCode).toBe(204);
  });

  it.each([
    ['"v1"', 412],
    ['"v2"', 200],
    ['"v3"', 412],
    ['"v1", "v2"', 200],
    ['"a,b", "v2"', 200],
    ['"v2-br"', 200],
    ['W/"v2"', 412],
    ['"elsewhere"', 412],
    ['*', 200],
    ['v2', 400],
    ['"v2', 400],
    ['', 400],
  ])('honour If-Match: %s', async (header, status) => {
    const { id } = await blog.owner.create(text);
    await blog.owner.patch(`/posts/${id}`, { title: 'Two' });
    const counts = await rowCounts(blog.database);
    const headers = { 'if-match': header };
    for (const send of [
      () => blog.owner.patch(`/posts/${id}`, { title: 'Three' }, headers),
      ...(status === 200
        ? []
        : [
            () => blog.owner.put(`/posts/${id}`, text, headers),
            () => blog.owner.delete(`/posts/${id}`, headers),
            () => blog.owner.post(`/posts/${id}/revisions/1/restore`, undefined, headers),
          ]),
    ]) {
      const response = await send();
      expect(response.statusCode).toBe(status);
      if (status === 412) expect(response.json().code).toBe('version_conflict');
    }
    if (status !== 200) expect(await rowCounts(blog.database)).toEqual(counts);
  });

  it('let one of many with the same If-Match through', async () => {
    const { id } = await blog.owner.create(text);
    const responses = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        blog.owner.patch(`/posts/${id}`, { title: `T${index}` }, { 'if-match': '"v1"' }),
      ),
    );
    expect(responses.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, ...Array(9).fill(412)]);
    expect((await blog.reader.get(`/posts/${id}`)).json().version).toBe(2);
  });

  it('lose no change of concurrent patches of different fields', async () => {
    const { id } = await blog.owner.create(text);
    const patches = [{ title: 'T' }, { content: 'C' }, { excerpt: 'E' }, { metaTitle: 'M' }];
    await Promise.all(patches.map((patch) => blog.owner.patch(`/posts/${id}`, patch)));
    expect((await blog.reader.get(`/posts/${id}`)).json()).toMatchObject({
      ...Object.assign({}, ...patches),
      version: 5,
    });
  });
});

describe('revisions', () => {
  it('are kept for each change and can be brought back', async () => {
    const { id, slug } = await blog.owner.create({ ...text, title: 'One', tags: ['a'] });
    await blog.owner.patch(`/posts/${id}`, { title: 'Two', tags: ['b'], slug: `${slug}-moved` });
    const { revisions } = (await blog.owner.get(`/posts/${id}/revisions`)).json();
    expect(
      revisions.map(({ version, title }: { version: number; title: string }) => [version, title]),
    ).toEqual([
      [2, 'Two'],
      [1, 'One'],
    ]);
    const restored = (await blog.owner.post(`/posts/${id}/revisions/1/restore`)).json();
    expect(restored).toMatchObject({
      title: 'One',
      version: 3,
      slug: `${slug}-moved`,
      tags: [{ slug: 'a' }],
    });
    const none = await blog.owner.post(`/posts/${id}/revisions/99/restore`);
    expect([none.statusCode, none.json().code]).toEqual([404, 'revision_not_found']);
    for (const version of ['0', '-1', 'x', '1.5', '1e0', 'true', '1e300'])
      expect((await blog.owner.post(`/posts/${id}/revisions/${version}/restore`)).statusCode).toBe(400);
    expect((await blog.owner.post(`/posts/${id}/revisions/999999999999999/restore`)).statusCode).toBe(404);
  });
});

describe('an old slug', () => {
  it('leads to the new one, in the API and for readers, until another post has it', async () => {
    const own = await openBlog();
    const post = await own.owner.create({ ...text, title: 'Old' });
    expect((await own.owner.patch(`/posts/${post.id}`, { title: 'New' })).json().slug).toBe('old');
    await own.owner.patch(`/posts/${post.id}`, { slug: 'new' });
    await own.owner.patch(`/posts/${post.id}`, { slug: 'newest' });
    const leadsTo = async (path: string) => {
      const response = await own.reader.get(path);
      return response.statusCode === 301 ? response.headers.location : response.statusCode;
    };
    expect(await leadsTo('/posts/old')).toBe('/posts/newest');
    expect(await leadsTo('/posts/new')).toBe('/posts/newest');
    expect(await leadsTo('/old/')).toBe('/newest/');
    const draft = await own.owner.create({ ...text, slug: 'old', status: 'draft' });
    expect(await leadsTo('/old/')).toBe('/newest/');
    await own.owner.patch(`/posts/${draft.id}`, { status: 'published' });
    expect((await own.reader.get('/posts/old')).json().id).toBe(draft.id);
    await own.owner.patch(`/posts/${post.id}`, { slug: 'new' });
    expect(await leadsTo('/posts/new')).toBe(200);
    expect(await leadsTo('/posts/newest')).toBe('/posts/new');
    await own.owner.patch(`/posts/${post.id}`, { status: 'draft' });
    expect([await leadsTo('/posts/newest'), await leadsTo('/newest/')]).toEqual([404, 404]);
    await own.owner.delete(`/posts/${post.id}`);
    expect(await leadsTo('/posts/newest')).toBe(404);
  });
});

describe('a scheduled post', () => {
  it('is hidden until its time, and public from then on', async () => {
    const own = await openBlog();
    const publishedAt = '2099-05-05T05:05:05.000Z';
    const post = await own.owner.create({ ...text, publishedAt, tags: ['later'] });
    const later = await own.owner.create({ ...text, publishedAt: '2099-06-01T00:00:00Z' });
    expect(post.status).toBe('scheduled');
    expect((await own.reader.get(`/posts/${post.id}`)).statusCode).toBe(404);
    await publishDue(own, '2099-05-05T05:05:05.000Z');
    const published = (await own.reader.get(`/posts/${post.id}`)).json();
    expect(published).toMatchObject({ status: 'published', publishedAt, version: 2 });
    expect((await own.reader.get('/posts?tag=later')).json().total).toBe(1);
    expect((await own.reader.get('/tags/later')).json().posts).toBe(1);
    expect((await own.owner.get('/posts?status=scheduled')).json().total).toBe(1);
    await own.posts.publish(later.id, '2099-05-31T23:59:59.999Z');
    expect((await own.owner.get(`/posts/${later.id}`)).json().status).toBe('scheduled');
  });

  it('is published now when asked for, and keeps its time through other changes', async () => {
    const post = await blog.owner.create({ ...text, publishedAt: '2099-01-01T00:00:00Z' });
    const patched = (await blog.owner.patch(`/posts/${post.id}`, { title: 'Renamed' })).json();
    expect(patched).toMatchObject({ status: 'scheduled', publishedAt: '2099-01-01T00:00:00.000Z' });
    const now = (await blog.owner.patch(`/posts/${post.id}`, { status: 'published' })).json();
    expect(now.status).toBe('published');
    expect(Date.parse(now.publishedAt)).toBeLessThanOrEqual(Date.now());
  });
});
