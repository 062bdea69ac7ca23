/** Clients that dawdle lose their connection: real sockets against short limits. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/loader.ts';
import { listen } from '../../src/http/listen.ts';
import { createHttpServer } from '../../src/http/server.ts';

const timeouts = { headers: 150, request: 300, idle: 600, keepAlive: 150, check: 30 };
const http = createHttpServer(resolveConfig({}), pino({ level: 'silent' }), { frameOrigins: [], timeouts });
let port: number;
beforeAll(async () => {
  http.post('/echo', async (request) => request.body);
  // More than the buffers of a socket hold.
  http.get('/large', async () => Buffer.alloc(64 * 1024 * 1024));
  ({ port } = await listen(http, '127.0.0.1', 0));
});
afterAll(() => http.close());

function open(bytes: string): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return socket;
}

const echo = 'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';

it.each([
  ['headers that do not end', 'GET / HTTP/1.1\r\nhost: x\r\nx-more: '],
  ['a body that does not arrive', `${echo}content-length: 100\r\n\r\n{`],
])('%s: 408', async (_name, bytes) => {
  const answer = await text(open(bytes));
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(answer).toContain('"code":"request_timeout"');
  expect(answer).toContain('connection: close');
});

it('a byte now and then does not help', async () => {
  const socket = open('GET / HTTP/1.1\r\nhost: x\r\nx-more: ');
  const drip = setInterval(() => socket.write('a'), 20);
  const answer = await text(socket).finally(() => clearInterval(drip));
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
});

it('a connection that is kept and not used is closed', async () => {
  const socket = open(`${echo}content-length: 2\r\n\r\n{}`);
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /);
});

it('a client that does not read its answer is cut off', async () => {
  const socket = connect(port, '127.0.0.1');
  const [peer] = await once(http.server, 'connection');
  socket.write('GET /large HTTP/1.1\r\nhost: x\r\n\r\n');
  socket.pause();
  await once(peer, 'close');
  socket.destroy();
});
