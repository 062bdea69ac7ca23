/** The log: what it says of requests and failures, and that no secret is in it. */
import pino from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { resolveConfig } from '../../src/config/loader.ts';
import type { ConfigInput } from '../../src/config/schema.ts';
import { createHttpServer } from '../../src/http/server.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { prettyLine } from '../../src/observability/pretty.ts';

const secrets = {
  adminToken: 'canary-admin-token-7f3a',
  databasePassword: 'canary-database-p/ss',
  redisPassword: 'canary-redis-password',
  bearer: 'canary-bearer-0123456789',
  session: 'canary-session-abcdef',
  setup: 'canary-setup-token-xyz',
  json: 'canary-inside-malformed-json',
};
const input: ConfigInput = {
  auth: { adminToken: secrets.adminToken },
  database: { url: `postgres://blog:${encodeURIComponent(secrets.databasePassword)}@db.example/blog` },
  cache: { redisUrl: `rediss://default:${secrets.redisPassword}@redis.example` },
};

function serve(log: ConfigInput['log'] = {}) {
  const config = resolveConfig({ ...input, log: { level: 'trace', ...log } });
  const lines: string[] = [];
  const logger = createLogger(config, { write: (line) => void lines.push(line) });
  const http = createHttpServer(config, logger, { frameOrigins: [] });
  onTestFinished(() => http.close());
  http.get('/fine/:id', async () => ({ hello: 'world' }));
  http.post('/echo', async (request) => request.body);
  http.get('/broken', async (request) => {
    request.log.debug({ headers: request.headers }, `careless: ${request.url}`);
    throw new Error(`cannot reach ${config.database.url}`, {
      cause: new Error(`refused ${request.headers.authorization} at ${config.cache.redisUrl}`),
    });
  });
  return { http, logger, lines, entries: () => lines.map((line) => JSON.parse(line)) };
}

describe('a request', () => {
  it('has a line with what an operator looks for', async () => {
    const { http, entries } = serve();
    await http.inject({
      url: '/fine/7?token=x',
      headers: { 'user-agent': 'reader/1', 'x-request-id': 'id-of-the-request' },
    });
    expect(entries()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        pid: process.pid,
        requestId: 'id-of-the-request',
        method: 'GET',
        path: '/fine/7',
        route: '/fine/:id',
        status: 200,
        ms: expect.any(Number),
        bytes: 17,
        client: '127.0.0.1',
        userAgent: 'reader/1',
        msg: 'request',
      },
    ]);
  });

  it('is a warning where the client erred, an error where this program did', async () => {
    const { http, entries } = serve();
    await http.inject('/none');
    await http.inject('/broken');
    const lines = entries().filter((entry) => entry.msg === 'request');
    expect(lines.map(({ level, status }) => [level, status])).toEqual([
      ['warn', 404],
      ['error', 500],
    ]);
  });

  it.each([
    ['all', 3],
    ['errors', 2],
    ['none', 0],
    [0, 1],
    [1, 3],
  ] as const)('LOG_REQUESTS=%s writes %i of three', async (requests, count) => {
    const { http, entries } = serve({ requests });
    for (const url of ['/fine/1', '/none', '/broken']) await http.inject(url);
    expect(entries().filter((entry) => entry.msg === 'request')).toHaveLength(count);
  });

  it('is sampled at the rate that is set', async () => {
    const { http, entries } = serve({ requests: 0.25 });
    for (let index = 0; index < 800; index += 1) await http.inject('/fine/1');
    // Six standard deviations to either side.
    expect(entries().length).toBeGreaterThan(126);
    expect(entries().length).toBeLessThan(274);
  });
});

it('tells a failure with its stack and all its causes, to the operator alone', async () => {
  const { http, entries } = serve();
  const response = await http.inject({ url: '/broken', headers: { 'x-request-id': 'id-of-failure' } });
  expect(response.json()).toMatchObject({ code: 'internal_error', requestId: 'id-of-failure' });
  expect(response.body).not.toMatch(/reach|refused|\.ts/);
  const failure = entries().find((entry) => entry.err !== undefined);
  expect(failure).toMatchObject({ level: 'error', requestId: 'id-of-failure' });
  expect(failure.err.stack).toMatch(/cannot reach[\s\S]*log\.test\.ts[\s\S]*caused by: Error: refused/);
});

it('has no secret, whatever is logged', async () => {
  const { http, logger, lines } = serve();
  const answers = [];
  const headers = {
    authorization: `Bearer ${secrets.bearer}`,
    cookie: `a=b; __Host-broadsheet_session=${secrets.session}`,
  };
  for (const url of ['/broken', `/broken?token=${secrets.setup}`, `/%ff?token=${secrets.setup}`]) {
    answers.push(await http.inject({ url, headers }));
  }
  for (const payload of [
    `{"password": "${secrets.json}`,
    `{"password": ${secrets.json}}`,
    `${secrets.json}`,
    `{"a": "${secrets.json}",}`,
  ]) {
    answers.push(
      await http.inject({
        method: 'POST',
        url: '/echo',
        payload,
        headers: { 'content-type': 'application/json' },
      }),
    );
  }
  logger.info({ config: resolveConfig(input), input: { password: secrets.json } }, 'careless');
  logger.info({ a: { b: { c: { cookie: secrets.session, 'set-cookie': [secrets.session, 'b'] } } } });
  logger.info(`body ${JSON.stringify({ password: `${secrets.json} "quoted"`, kept: 'this' })}`);
  expect(lines.at(-1)).toContain('this');
  logger.error(`Authorization: Basic ${secrets.bearer}, ${secrets.adminToken}`);
  logger.error(new Error(`set-cookie: broadsheet_session=${secrets.session}; Path=/`));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([500, 500, 400, 400, 400, 400, 400]);
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
  const everything = [...lines, ...answers.map(({ body }) => body)].join('\n');
  for (const secret of Object.values(secrets)) {
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain(encodeURIComponent(secret));
  }
});

it('tells where JSON is malformed', async () => {
  const { http } = serve();
  const post = async (payload: string) =>
    (
      await http.inject({
        method: 'POST',
        url: '/echo',
        payload,
        headers: { 'content-type': 'application/json' },
      })
    ).json().detail;
  expect(await post('{"a": 1,\n "b": tru}')).toContain('The body is not valid JSON');
  expect(await post('{"a": 1\n "b": 2}')).toBe('The body is not valid JSON: line 2, column 2.');
  expect(await post('{"__proto__": {}}')).toContain('__proto__');
  expect(await post('{"a": 1')).toBe('The body is not valid JSON: line 1, column 8.');
});

describe('on a terminal', () => {
  const line = (fields: object) => prettyLine(JSON.stringify({ level: 'info', time: 0, pid: 1, ...fields }));

  it('a request is one short line', () => {
    const request = {
      msg: 'request',
      method: 'GET',
      path: '/hello/',
      route: '/:slug/',
      status: 200,
      ms: 1.2,
    };
    expect(line(request)).toMatch(/^\d\d:\d\d:\d\d 200 GET {4}\/hello\/ 1\.2 ms\n$/);
  });

  it('a failure shows its stack', () => {
    const lines: string[] = [];
    pino({}, { write: (text) => void lines.push(text) }).error(
      new Error('outer', { cause: new Error('inner') }),
    );
    expect(prettyLine(lines[0] ?? '')).toMatch(
      /outer[\s\S]*\n {4}Error: outer[\s\S]*\n {4}caused by: Error: inner/,
    );
  });

  it('nothing that a client sends moves the cursor', () => {
    const shown = line({
      msg: 'request',
      method: 'GET',
      path: '/\u001b[2J\u001b]0;x\u0007\r\n\u009b1A',
      status: 404,
      ms: 1,
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
    expect(shown.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });
});
