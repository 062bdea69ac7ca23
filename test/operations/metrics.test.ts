/** /metrics: who may read it, in which form, and that its labels stay few. */
import { describe, expect, it } from 'vitest';
import { adminToken, openBlog } from '../support/blog.ts';

/** A line of Prometheus' text format 0.0.4. */
const sample =
  /^[a-zA-Z_:][\w:]*(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (?:[-+]?[\d.]+(?:e[-+]?\d+)?|[-+]?Inf|NaN)$/i;
const comment =
  /^# (?:HELP [a-zA-Z_:][\w:]* .*|TYPE [a-zA-Z_:][\w:]* (?:counter|gauge|histogram|summary|untyped))$/;

const prometheus =
  'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1';

it('is text that a scraper can read, line by line', async () => {
  const blog = await openBlog();
  await blog.reader.get('/posts');
  const response = await blog.http.inject({ url: '/metrics', headers: { accept: prometheus } });
  expect(response.headers['content-type']).toContain('text/plain; version=0.0.4');
  const lines = response.body.split('\n').filter((line) => line !== '');
  expect(lines.length).toBeGreaterThan(100);
  expect(lines.filter((line) => !sample.test(line) && !comment.test(line))).toEqual([]);
  expect(response.body).toMatch(/^broadsheet_build_info\{version="[\d.]+",node="[\d.]+"\} 1$/m);
  expect(response.body).toMatch(
    /^broadsheet_http_request_duration_seconds_count\{method="GET",route="\/posts",status="200"\} 1$/m,
  );
});

it.each([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['text/html,application/xhtml+xml,*/*;q=0.8', 'application/json'],
  ['application/json, text/plain, */*', 'application/json'],
  ['text/plain;q=0.5, application/json', 'application/json'],
  ['text/plain', 'text/plain'],
  [prometheus, 'text/plain'],
])('Accept: %s gets %s', async (accept, type) => {
  const blog = await openBlog();
  const { headers } = await blog.http.inject({ url: '/metrics', headers: accept ? { accept } : {} });
  expect(headers['content-type']).toContain(type);
  expect(headers['cache-control']).toBe('private, no-store');
});

it('as JSON has what the process measures', async () => {
  const blog = await openBlog();
  await blog.reader.get('/posts');
  await blog.reader.get('/posts/none');
  expect((await blog.reader.get('/metrics')).json()).toMatchObject({
    memory: { rss: expect.any(Number) },
    cpu: { userSeconds: expect.any(Number) },
    eventLoop: { delayP99Ms: expect.any(Number) },
    database: { kind: 'sqlite', pingMs: expect.any(Number) },
    http: { byStatus: { '2xx': expect.any(Number), '4xx': 1 }, byRoute: { '/posts': { requests: 1 } } },
    jobs: { waiting: 0, running: 0, dead: 0, byTask: {} },
  });
});

it('names no address and no method of a client', async () => {
  const blog = await openBlog();
  for (let index = 0; index < 30; index += 1) {
    await blog.http.inject(`/no/such/${index}`);
    await blog.http.inject(`/posts/no-${index}`);
    await blog.http.inject(`/no-page-${index}/?q=${index}`);
  }
  const { body } = await blog.http.inject({ url: '/metrics', headers: { accept: 'text/plain' } });
  const routes = new Set([...body.matchAll(/route="([^"]*)"/g)].map((match) => match[1]));
  expect([...routes].toSorted()).toEqual(['/:slug/', '/openapi.json', '/posts/:id', 'unmatched']);
});

describe('METRICS_ACCESS', () => {
  const owner = { authorization: `Bearer ${adminToken}` };
  it.each([
    ['loopback', '127.0.0.1', {}, 200],
    ['loopback', '127.0.0.1', { 'x-forwarded-for': '203.0.113.9' }, 403],
    ['loopback', '127.0.0.1', { forwarded: 'for=203.0.113.9' }, 403],
    ['loopback', '127.0.0.1', { via: '1.1 proxy' }, 403],
    ['loopback', '127.0.0.1', { host: 'blog.example' }, 403],
    ['loopback', '203.0.113.9', {}, 403],
    ['loopback', '203.0.113.9', owner, 200],
    ['token', '127.0.0.1', {}, 403],
    ['token', '127.0.0.1', { authorization: 'Bearer wrong' }, 401],
    ['token', '203.0.113.9', owner, 200],
    ['public', '203.0.113.9', { 'x-forwarded-for': '203.0.113.9' }, 200],
  ] as const)('%s, from %s with %j: %i', async (access, remoteAddress, headers, status) => {
    const blog = await openBlog({ metrics: { access } });
    const response = await blog.http.inject({
      url: '/metrics',
      remoteAddress,
      headers: { host: 'localhost:8000', ...headers },
    });
    expect(response.statusCode).toBe(status);
    if (status === 403) expect(response.body).not.toContain('heapUsed');
  });
});
