/** The helpers that bring a browser and a Redis to other tests. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, launchBrowser } from '../support/browser.ts';
import { canBreakRedis, type RedisServer, startRedis } from '../support/redis.ts';

it.skipIf(!hasBrowser)('starts a browser that renders a page', async () => {
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  await page.setContent('<h1>Hello</h1>');
  expect(await page.textContent('h1')).toBe('Hello');
});

describe.skipIf(!canBreakRedis)('a Redis of our own', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  /** Sends commands as Redis' inline protocol, and reads until it hangs up. */
  function talk(...commands: string[]): Promise<string> {
    const socket = connect(Number(new URL(redis.url).port), '127.0.0.1');
    socket.write([...commands, 'QUIT', ''].join('\r\n'));
    return text(socket);
  }

  it('answers', async () => {
    expect(await talk('PING')).toBe('+PONG\r\n+OK\r\n');
  });

  it('answers after a pause what came meanwhile', async () => {
    redis.pause();
    const answer = talk('PING');
    redis.resume();
    expect(await answer).toContain('+PONG');
  });

  it('is empty after a restart on the same port', async () => {
    expect(await talk('SET a 1', 'GET a')).toContain('$1\r\n1\r\n');
    await redis.restart();
    expect(await talk('GET a')).toBe('$-1\r\n+OK\r\n');
  });

  it('refuses connections once killed', async () => {
    await redis.kill();
    await expect(talk('PING')).rejects.toThrow('ECONNREFUSED');
    await redis.restart();
  });
});
