/** Each path answers every method: with what it is for, or by saying which ones it takes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBlog, type TestBlog } from '../support/blog.ts';

let blog: TestBlog;
beforeAll(async () => {
  blog = await createBlog();
  await blog.owner.create({ title: 'Hello', content: '# Hi', tags: ['go'] });
});
afterAll(() => blog.close());

describe('a method that the path does not have', () => {
  it.each([
    ['DELETE', '/posts', 'GET, HEAD, POST, OPTIONS'],
    ['POST', '/posts/hello', 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS'],
    ['GET', '/posts/hello/revisions/1/restore', 'POST, OPTIONS'],
    ['POST', '/tags', 'GET, HEAD, OPTIONS'],
    ['PUT', '/health', 'GET, HEAD, OPTIONS'],
    ['PATCH', '/metrics', 'GET, HEAD, OPTIONS'],
    ['POST', '/', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/hello/', 'GET, HEAD, OPTIONS'],
    ['POST', '/rss.xml', 'GET, HEAD, OPTIONS'],
    ['POST', '/openapi.json', 'GET, HEAD, OPTIONS'],
    ['POST', '/docs', 'GET, HEAD, OPTIONS'],
  ] as const)('%s %s', async (method, url, allow) => {
    const response = await blog.http.inject({
      method,
      url,
      payload: 'a=b',
      headers: { 'content-type': 'text/plain' },
    });
    expect(response.statusCode).toBe(405);
    expect(response.headers['allow']).toBe(allow);
    expect(response.json()).toMatchObject({
      code: 'method_not_allowed',
      detail: expect.stringContaining(allow),
    });
  });

  it('is not found where the path is not known either', async () => {
    expect((await blog.http.inject({ method: 'POST', url: '/no/such/path' })).statusCode).toBe(404);
  });
});

it.each(['/posts', '/posts/hello', '/tags/go', '/', '/hello/', '/docs', '/health/live'])(
  'OPTIONS %s tells the methods',
  async (url) => {
    const response = await blog.http.inject({ method: 'OPTIONS', url });
    expect(response.statusCode).toBe(204);
    expect(response.body).toBe('');
    expect(response.headers['allow']).toContain('GET, HEAD, ');
    expect(response.headers['allow']).toContain('OPTIONS');
  },
);

it.each([
  '/posts',
  '/posts/hello',
  '/tags',
  '/tags/go',
  '/authors',
  '/',
  '/hello/',
  '/archive/',
  '/rss.xml',
  '/feed.json',
  '/sitemap.xml',
  '/openapi.json',
  '/docs',
  '/docs/errors',
  '/health',
  '/health/ready',
  '/metrics',
])('HEAD %s has the headers of GET and no body', async (url) => {
  const [head, get] = await Promise.all([
    blog.http.inject({ method: 'HEAD', url }),
    blog.http.inject({ method: 'GET', url }),
  ]);
  expect([head.statusCode, get.statusCode]).toEqual([200, 200]);
  expect(head.body).toBe('');
  expect(head.headers['content-type']).toBe(get.headers['content-type']);
  expect(Number(head.headers['content-length'])).toBeGreaterThan(0);
});
