/** What health tells a load balancer and a person. */

import pino from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { resolveConfig } from '../../src/config/loader.ts';
import { type Health, registerHealth } from '../../src/http/health.ts';
import { createHttpServer } from '../../src/http/server.ts';
import { openBlog } from '../support/blog.ts';

it('is well', async () => {
  const blog = await openBlog();
  expect((await blog.reader.get('/health')).json()).toEqual({
    status: 'ok',
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    uptimeSeconds: expect.any(Number),
    components: { database: { status: 'ok', latencyMs: expect.any(Number) } },
  });
});

it('is degraded, alive and ready when the database does not answer', async () => {
  const blog = await openBlog();
  await blog.database.close();
  const { statusCode, body } = await blog.http.inject('/health');
  expect(statusCode).toBe(200);
  expect(JSON.parse(body)).toMatchObject({
    status: 'degraded',
    components: { database: { status: 'down' } },
  });
  expect((await blog.http.inject('/health/live')).statusCode).toBe(200);
  expect((await blog.http.inject('/health/ready')).statusCode).toBe(200);
});

it('does not wait for a component that hangs', async () => {
  const http = healthOf({ checks: [{ name: 'slow', check: () => new Promise(() => {}) }] });
  expect((await http.inject('/health')).json()).toMatchObject({
    status: 'degraded',
    components: { slow: { status: 'down' } },
  });
});

it('is not ready, and alive, while the node drains', async () => {
  const http = healthOf({ isReady: () => false });
  const ready = await http.inject('/health/ready');
  expect([ready.statusCode, ready.json()]).toEqual([503, { status: 'draining' }]);
  expect((await http.inject('/health')).json()).toMatchObject({ status: 'draining' });
  expect((await http.inject('/health/live')).statusCode).toBe(200);
});

function healthOf(parts: Partial<Health>) {
  const http = createHttpServer(resolveConfig({}), pino({ level: 'silent' }), { frameOrigins: [] });
  onTestFinished(() => http.close());
  registerHealth(http, { version: '0.0.0', checks: [], isReady: () => true, ...parts });
  return http;
}
