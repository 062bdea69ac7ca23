import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OperatorError } from '../errors.ts';
import { explainConfig, type LoadOptions, loadConfig, resolveConfig } from './loader.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-config-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const load = (options: LoadOptions = {}) => loadConfig({ env: {}, cwd: folder, ...options });
const file = (name: string, text: string) => writeFile(join(folder, name), text);

/** The message with which the start is refused. */
async function refusal(options: LoadOptions): Promise<string> {
  const outcome = await load(options).catch((error: unknown) => error);
  if (outcome instanceof OperatorError) return outcome.message;
  throw new Error(`not refused: ${JSON.stringify(outcome)}`);
}

describe('sources and their order', () => {
  test('without any source, the defaults', async () => {
    const config = await load();
    expect(config.http).toMatchObject({ host: '127.0.0.1', port: 8000, corsOrigins: [] });
    expect(config.database.url).toBe('sqlite:data/broadsheet.db');
    expect(config.cache).toEqual({ memoryMb: 64, policy: 'tinylfu', ttlSeconds: 300, staleSeconds: 86_400 });
    expect(config.site).toEqual({ title: 'Broadsheet', description: '' });
  });

  test('flags win over the environment, that over the file, that over the defaults', async () => {
    await file('broadsheet.config.json', JSON.stringify({ http: { port: 1, host: 'a', maxBodyKb: 7 } }));
    const config = await load({ env: { PORT: '2', HOST: 'b' }, flags: { port: '3' } });
    expect(config.http).toMatchObject({ port: 3, host: 'b', maxBodyKb: 7, shutdownGraceSeconds: 30 });
  });

  test('text becomes what the schema says', async () => {
    const config = await load({
      env: {
        WORKERS: 'auto',
        BACKGROUND_TASKS: 'no',
        LOG_LEVEL: 'WARN',
        LOG_REQUESTS: '0.01',
        CACHE_TTL_SECONDS: ' 1.5 ',
        TRUST_PROXY: '10.0.0.0/8, ::1,',
      },
    });
    expect(config.performance).toMatchObject({ workers: 'auto', backgroundTasks: false });
    expect(config.log).toEqual({ level: 'warn', requests: 0.01 });
    expect(config.cache.ttlSeconds).toBe(1.5);
    expect(config.http.trustProxy).toEqual(['10.0.0.0/8', '::1']);
    expect((await load({ env: { WORKERS: '4' } })).performance.workers).toBe(4);
  });

  test('an empty variable is an unset one, and so is an undefined flag', async () => {
    expect((await load({ env: { PORT: '', SITE_URL: ' ' }, flags: { host: undefined } })).http.port).toBe(
      8000,
    );
  });

  test('a flag without value sets what it stands for, and nothing when it was not given', async () => {
    expect((await load({ flags: { open: true } })).auth.mode).toBe('open');
    expect((await load({ flags: { open: false } })).auth.mode).toBe('required');
  });

  test('a configuration file in TypeScript and in JavaScript', async () => {
    await file('broadsheet.config.ts', 'const port: number = 81;\nexport default { http: { port } };');
    expect((await load()).http.port).toBe(81);
    const other = join(folder, 'other');
    await mkdir(other);
    await writeFile(join(other, 'broadsheet.config.js'), 'export default { site: { title: "T" } };');
    expect((await load({ cwd: other })).site.title).toBe('T');
  });

  test('origins lose a trailing slash and get the spelling that browsers send', async () => {
    const config = await load({
      env: { SITE_URL: 'https://Blog.Example:443/', CORS_ORIGINS: 'http://a.example/,http://b.example:81' },
    });
    expect(config.site.url).toBe('https://blog.example');
    expect(config.http.corsOrigins).toEqual(['http://a.example', 'http://b.example:81']);
  });

  test('the result is frozen all the way down, and the input is left alone', () => {
    const input = { http: { corsOrigins: ['*'] } };
    const config = resolveConfig(input);
    expect(
      [config, config.http, config.http.corsOrigins, config.database.replicaUrls].every(Object.isFrozen),
    ).toBe(true);
    expect(Object.isFrozen(input.http.corsOrigins)).toBe(false);
    expect(Object.isFrozen(input.http)).toBe(false);
  });

  test('two loads share nothing', async () => {
    expect((await load()).http.corsOrigins).not.toBe((await load()).http.corsOrigins);
  });

  test('a resolved configuration resolves to itself', async () => {
    const config = await load({
      env: { SITE_URL: 'https://x.example/', AUTH: 'open', REDIS_URL: 'redis://h' },
    });
    expect(resolveConfig(config)).toEqual(config);
  });

  test('what was given where, without credentials', async () => {
    await file('broadsheet.config.json', JSON.stringify({ site: { title: 'T' } }));
    const { given } = await explainConfig({
      cwd: folder,
      env: { ADMIN_TOKEN: 'correct-horse-battery-staple', REDIS_URL: 'redis://me:hush@h:1' },
      flags: { port: '0' },
    });
    expect(given).toEqual([
      { path: 'http.port', name: '--port', value: '0' },
      { path: 'site.title', name: 'site.title in broadsheet.config.json', value: '"T"' },
      { path: 'auth.adminToken', name: 'ADMIN_TOKEN', value: '(hidden, 28 characters)' },
      { path: 'cache.redisUrl', name: 'REDIS_URL', value: '"redis://***@h:1"' },
    ]);
  });
});

describe('refusals name the setting, the value and the fix', () => {
  test.each<[LoadOptions, string]>([
    [{ env: { PORT: '80x' } }, 'PORT is "80x"; it must be a whole number from 0 to 65535.'],
    [{ env: { PORT: '65536' } }, 'PORT is 65536; it must be a whole number from 0 to 65535.'],
    [{ flags: { port: '0x10' } }, '--port is "0x10"; it must be a whole number from 0 to 65535.'],
    [{ env: { CACHE_POLICY: 'fifo' } }, 'CACHE_POLICY is "fifo"; it must be tinylfu, lru, lfu or ttl.'],
    [{ env: { WORKERS: '0' } }, 'WORKERS is 0; it must be a whole number from 1 to 1024 or auto.'],
    [{ env: { BACKGROUND_TASKS: 'maybe' } }, 'BACKGROUND_TASKS is "maybe"; it must be true or false.'],
    [
      { env: { LOG_REQUESTS: '2' } },
      'LOG_REQUESTS is 2; it must be all, errors, none or a number from 0 to 1.',
    ],
    [{ env: { HOST: 'http://x' } }, 'HOST is "http://x"; it must be an address or a host name'],
    [{ env: { SITE_URL: 'https://x.example/blog' } }, 'it must be an address without a path'],
    [{ env: { SITE_URL: 'https://x:999999' } }, 'it must be an address without a path'],
    [{ env: { SITE_TITLE: 'x'.repeat(201) } }, 'it must be a text of 1 to 200 characters.'],
    [
      { env: { TRUST_PROXY: '10.0.0.0/33' } },
      'TRUST_PROXY is ["10.0.0.0/33"]; it must be a list of addresses or ranges',
    ],
    [{ env: { TRUST_PROXY: 'proxy.example' } }, 'it must be a list of addresses or ranges'],
    [{ env: { CORS_ORIGINS: '*,https://a.example' } }, 'it must be either * alone or a list of origins.'],
    [{ env: { CORS_ORIGINS: 'a.example' } }, 'it must be a list of: an origin such as'],
    [{ env: { DATABASE_URL: 'blog.db' } }, 'DATABASE_URL is "blog.db"; it must be sqlite:PATH'],
    [{ flags: { database: 'sqlite::memory:' } }, '--database is "sqlite::memory:"; it must be sqlite:PATH'],
    [
      { env: { DATABASE_REPLICA_URLS: 'postgres://h/x' } },
      'it must be left out, because the database is SQLite',
    ],
    [
      { env: { AUTH: 'open', HOST: '0.0.0.0' } },
      'AUTH is "open"; it needs a loopback host, but the host is "0.0.0.0"',
    ],
    [{ flags: { open: true, host: 'blog.example' } }, '--open needs a loopback host'],
    [{ flags: { prot: '1' } }, '--prot is not a flag; did you mean --port?'],
  ])('%j', async (options, message) => {
    expect(await refusal(options)).toContain(message);
  });

  test.each<[unknown, string]>([
    [{ http: { port: '8000' } }, 'http.port in broadsheet.config.json is "8000"; it must be a whole number'],
    [{ http: { port: null } }, 'http.port in broadsheet.config.json is null; it must be a whole number'],
    [{ http: { prot: 1 } }, 'http.prot in broadsheet.config.json is not a setting; did you mean http.port?'],
    [{ PORT: 1 }, 'PORT in broadsheet.config.json is not a setting; did you mean http.port?'],
    [{ cahce: {} }, 'cahce in broadsheet.config.json is not a setting; did you mean cache?'],
    [{ zzzzzzzz: 1 }, 'zzzzzzzz in broadsheet.config.json is not a setting; remove it'],
    [{ http: 8000 }, 'http in broadsheet.config.json must be an object'],
    [[], 'the configuration in broadsheet.config.json is not an object'],
    [
      { http: { corsOrigins: '*' } },
      'http.corsOrigins in broadsheet.config.json is "*"; it must be a list of',
    ],
    [{ site: { title: {} } }, 'site.title in broadsheet.config.json is an object; it must be a text'],
  ])('in a file: %j', async (tree, message) => {
    await file('broadsheet.config.json', JSON.stringify(tree));
    expect(await refusal({})).toContain(message);
  });

  test('from the caller of the library', () => {
    expect(() => resolveConfig({ http: { port: -1 } })).toThrow(
      'http.port is -1; it must be a whole number from 0 to 65535.',
    );
    const misspelt = { database: { url: 'sqlite:x', ulr: 'sqlite:y' } };
    expect(() => resolveConfig(misspelt)).toThrow(
      'database.ulr is not a setting; did you mean database.url?',
    );
  });

  test('a file that cannot be read, run, or chosen', async () => {
    await file('broadsheet.config.json', '{ "http": }');
    expect(await refusal({})).toMatch(/broadsheet\.config\.json cannot be read: .*JSON/);
    await file('broadsheet.config.ts', 'export const x = 1;');
    expect(await refusal({})).toMatch(
      /broadsheet\.config\.ts and broadsheet\.config\.json are both in .*: keep one/,
    );
    await rm(join(folder, 'broadsheet.config.json'));
    expect(await refusal({})).toContain('has no default export');
  });

  test('all the problems at once, from every source', async () => {
    await file('broadsheet.config.json', JSON.stringify({ cache: { policy: 1 } }));
    const message = await refusal({
      env: { PORT: 'x', TRUST_PROXY: 'y', CACHE_TTL: '5' },
      flags: { workers: 'many' },
    });
    expect(message.split('\n')[0]).toBe('5 settings are wrong:');
    for (const name of ['PORT', 'TRUST_PROXY', 'CACHE_TTL', '--workers', 'cache.policy in']) {
      expect(message).toContain(`\n  - ${name} `);
    }
  });
});

describe('variables that look like a slip', () => {
  test.each([
    ['CACHE_TTL_SECOND', 'CACHE_TTL_SECONDS'],
    ['CACHE_TTL', 'CACHE_TTL_SECONDS'],
    ['CACHE_TTL_MS', 'CACHE_TTL_SECONDS'],
    ['cache_ttl_seconds', 'CACHE_TTL_SECONDS'],
    ['REDSI_URL', 'REDIS_URL'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['MAX_BODY', 'MAX_BODY_KB'],
    ['RATE_LIMIT_REQUEST', 'RATE_LIMIT_REQUESTS'],
    ['ADMIN_TOKENS', 'ADMIN_TOKEN'],
  ])('%s is refused with the name %s', async (name, meant) => {
    expect(await refusal({ env: { [name]: '1' } })).toContain(
      `${name} is not a setting; did you mean ${meant}?`,
    );
  });

  test.each([
    'HOME',
    'HOSTNAME',
    'HOSTS',
    'PATH',
    'PORTS',
    'REDIS_PORT',
    'REDIS_USER',
    'DATABASE_NAME',
    'DATABASE_URL_TEST',
    'CACHE_DIR',
    'LOG_FILE',
    'OTEL_SERVICE_NAME',
    'OTEL_EXPORTER_OTLP_PROTOCOL',
    'BROADSHEET_SERVICE_HOST',
    'npm_config_cache',
    'TEST_DATABASE_URL',
  ])('%s belongs to something else', async (name) => {
    await expect(load({ env: { [name]: 'x' } })).resolves.toBeDefined();
  });
});

describe('credentials', () => {
  test.each([
    ['DATABASE_URL', 'mysql://me:hush@db/blog'],
    ['DATABASE_URL', 'me:hush@db/blog'],
    ['DATABASE_URL', 'postgres://me:hush/@db:x/blog'],
    ['DATABASE_URL', 'postgresql//db/blog?user=me&password=hush'],
    ['REDIS_URL', 'redis:me:hush@h'],
    ['DATABASE_REPLICA_URLS', 'postgres://h/x,mysql://me:hush@db'],
    ['ADMIN_TOKEN', 'hush'],
    ['SITE_URL', 'https://me:hush@blog.example'],
  ])('%s=%s is refused without being told', async (name, value) => {
    const message = await refusal({ env: { [name]: value } });
    expect(message).toContain(`${name} is `);
    expect(message).not.toContain('hush');
  });

  test('no password of a refused URL is ever shown', async () => {
    const password = fc.string({ minLength: 6 }).filter((text) => !/\s/.test(text) && !text.includes('***'));
    await fc.assert(
      fc.asyncProperty(password, async (secret) => {
        const url = `mysql://somebody:<${secret}>@db.example/blog`;
        expect(await refusal({ env: { DATABASE_URL: url } })).not.toContain(`<${secret}>`);
      }),
      { numRuns: 200 },
    );
  });
});
