/** Every kind of response limits what a browser may do with it. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { frameOrigins } from '../../src/content/embeds.ts';
import { createBlog, openBlog, type TestBlog } from '../support/blog.ts';

let blog: TestBlog;
let port: number;
beforeAll(async () => {
  blog = await createBlog();
  ({ port } = await blog.listen({ port: 0 }));
  await blog.owner.create({ title: 'Hello', content: '# Hi' });
});
afterAll(() => blog.close());

const expected = {
  'content-security-policy': expect.stringContaining("default-src 'none'"),
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': expect.any(String),
  'referrer-policy': expect.any(String),
  'x-content-type-options': 'nosniff',
  'x-request-id': expect.stringMatching(/^[\w-]{36}$/),
  'x-response-time': expect.stringMatching(/^\d+\.\d\dms$/),
};

it.each([
  ['GET', '/', 200],
  ['GET', '/hello/', 200],
  ['GET', '/hello', 301],
  ['GET', '/nothing/', 404],
  ['GET', '/%ff/', 400],
  ['GET', '/rss.xml', 200],
  ['GET', '/admin/', 303],
  ['GET', '/posts', 200],
  ['GET', '/posts/none', 404],
  ['GET', '/posts?limit=0', 400],
  ['POST', '/posts', 401],
  ['DELETE', '/posts', 405],
  ['OPTIONS', '/posts', 204],
  ['GET', '/openapi.json', 200],
  ['GET', '/docs', 200],
  ['GET', '/docs/style.css', 200],
  ['GET', '/health', 200],
  ['GET', '/metrics', 200],
  ['GET', '/favicon.ico', 200],
] as const)('%s %s', async (method, url, status) => {
  const response = await blog.http.inject({ method, url, ...(method === 'POST' ? { payload: {} } : {}) });
  expect(response.statusCode).toBe(status);
  expect(response.headers).toMatchObject(expected);
});

it('an asset of the theme', async () => {
  const { body } = await blog.http.inject('/');
  const address = /href="(\/assets\/[^"]+\.css)"/.exec(body)?.[1] ?? '';
  expect((await blog.http.inject(address)).headers).toMatchObject(expected);
});

it.each([
  ['no HTTP at all', 'hello\r\n\r\n', 400],
  ['headers that are too large', `GET / HTTP/1.1\r\nhost: x\r\nx-large: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
])('%s', async (_name, bytes, status) => {
  const socket = connect(port, '127.0.0.1');
  socket.end(bytes);
  const response = await text(socket);
  const [head = '', body = ''] = response.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  expect(statusLine).toContain(`HTTP/1.1 ${status} `);
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  expect(headers).toMatchObject({ ...expected, connection: 'close' });
  expect(JSON.parse(body)).toMatchObject({ status, requestId: headers['x-request-id'] });
});

it('frames what the content of posts may hold, and nothing else', async () => {
  const { headers } = await blog.http.inject('/');
  expect(headers['content-security-policy']).toContain(`frame-src ${frameOrigins.join(' ')};`);
});

it('insists on https where readers come by https, and only there', async () => {
  expect((await blog.http.inject('/')).headers['strict-transport-security']).toBeUndefined();
  const secure = await openBlog({ site: { url: 'https://blog.example' } });
  expect((await secure.http.inject('/')).headers['strict-transport-security']).toBe('max-age=31536000');
});
