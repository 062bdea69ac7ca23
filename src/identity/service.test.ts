import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import type { DatabaseManager } from '../database/manager.ts';

import { PasswordHasher } from './passwords.ts';
import { IdentityRepository } from './repository/index.ts';
import type { AuthenticationRequest } from './request.ts';
import type { Role } from './roles.ts';
import { type IdentityOptions, IdentityService } from './service.ts';

const password = 'several unrelated words';
const cost = { memory: 64, passes: 1, parallelism: 1 };
const adminToken = 'bootstrap-token-for-tests';

let database: DatabaseManager;
let now: number;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await database.close();
});

beforeEach(async () => {
  now = Date.parse('2026-01-01T00:00:00Z');
  await database.transaction(async (trx) => {
    for (const table of ['sessions', 'tokens', 'users', 'authors', 'settings'] as const) {
      await trx.deleteFrom(table).execute();
    }
  });
});

function service(options: Partial<IdentityOptions> = {}): IdentityService {
  return new IdentityService(new IdentityRepository(database), {
    mode: 'required',
    hasher: new PasswordHasher(cost),
    now: () => now,
    ...options,
  });
}

function request(
  headers: AuthenticationRequest['headers'] = {},
  more: Partial<AuthenticationRequest> = {},
): AuthenticationRequest {
  return {
    method: 'GET',
    headers: { host: 'localhost:8000', ...headers },
    protocol: 'http',
    ip: '192.0.2.1',
    socket: { remoteAddress: '127.0.0.1' },
    ...more,
  };
}

const bearer = (token: string) => request({ authorization: `Bearer ${token}` });
const withCookie = (setCookie: string, more: Partial<AuthenticationRequest> = {}) =>
  request({ cookie: setCookie.split(';')[0] }, more);
const user = (role: Role, email = `${role}@example.com`) => ({ email, name: 'Ada Example', password, role });
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('set-up', () => {
  it('makes the owner once, with a link of the latest start', async () => {
    const identity = service();
    const old = (await identity.beginSetup()) ?? '';
    const token = (await identity.beginSetup()) ?? '';
    expect(await identity.isSetupToken(old)).toBe(false);
    expect(await identity.isSetupToken(token)).toBe(true);
    const owner = { email: ' Owner@Example.com ', name: 'Ada Example', password };
    await expect(identity.completeSetup(old, owner)).rejects.toThrow(code('forbidden'));
    await expect(identity.completeSetup(token, { ...owner, password: 'short' })).rejects.toThrow(
      code('validation_failed'),
    );

    const created = await identity.completeSetup(token, owner);
    expect(created).toMatchObject({ email: 'owner@example.com', role: 'owner', authorSlug: 'ada-example' });
    expect(await identity.isSetupToken(token)).toBe(false);
    await expect(identity.completeSetup(token, owner)).rejects.toThrow(code('forbidden'));
    expect(await identity.beginSetup()).toBeNull();
  });

  it('lets one of two through that use the link at once', async () => {
    const identity = service();
    const token = (await identity.beginSetup()) ?? '';
    const attempts = await Promise.allSettled(
      ['a@example.com', 'b@example.com'].map((email) =>
        identity.completeSetup(token, { email, name: 'Ada', password }),
      ),
    );
    expect(attempts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await identity.listUsers()).toHaveLength(1);
  });

  it('keeps no token in the clear', async () => {
    const token = await service().beginSetup();
    const rows = await database.reader.selectFrom('settings').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});

describe('users', () => {
  it('refuses a second user with the address, in any case', async () => {
    const identity = service();
    await identity.createUser(user('owner'));
    await expect(identity.createUser(user('editor', 'OWNER@example.com'))).rejects.toThrow(
      code('email_taken'),
    );
  });

  it('gives each an author profile of their own, or the one that is named', async () => {
    const identity = service();
    const [first, second] = [
      await identity.createUser(user('owner')),
      await identity.createUser(user('author')),
    ];
    expect([first.authorSlug, second.authorSlug]).toEqual(['ada-example', 'ada-example-2']);
    await identity.removeUser(second.id);
    const third = await identity.createUser({ ...user('author'), author: 'ada-example-2' });
    expect(third.authorSlug).toBe('ada-example-2');
    await expect(identity.createUser({ ...user('editor'), author: 'ada-example-2' })).rejects.toThrow(
      code('validation_failed'),
    );
    await expect(identity.createUser({ ...user('editor'), author: 'nobody' })).rejects.toThrow(
      code('author_not_found'),
    );
  });

  it('says which fields are wrong', async () => {
    const broken = { email: 'nobody', name: ' ', password: 'short', role: 'owner' } as const;
    await expect(service().createUser(broken)).rejects.toThrow(
      expect.objectContaining({
        errors: [
          { path: '/email', message: expect.stringContaining('name@example.com') },
          { path: '/name', message: expect.any(String) },
          { path: '/password', message: expect.stringContaining('12') },
        ],
      }),
    );
  });

  it('keeps an owner', async () => {
    const identity = service();
    const owner = await identity.createUser(user('owner'));
    await expect(identity.setRole(owner.id, 'editor')).rejects.toThrow(code('forbidden'));
    await expect(identity.removeUser(owner.id)).rejects.toThrow(code('forbidden'));
    expect((await identity.findUser(owner.id)).role).toBe('owner');
  });
});

describe('sessions', () => {
  it('carries a user from log-in to log-out', async () => {
    const identity = service();
    const { id } = await identity.createUser(user('author'));
    const { cookie } = await identity.logIn({ email: 'Author@example.com', password }, request());
    expect(cookie).toMatch(/^broadsheet_session=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/);
    const principal = await identity.authenticate(withCookie(cookie));
    expect(principal).toMatchObject({ kind: 'user', id, role: 'author', authorSlug: 'ada-example' });
    expect([...principal.scopes]).not.toContain('admin');

    expect(await identity.logOut(withCookie(cookie))).toContain('Max-Age=0');
    expect((await identity.authenticate(withCookie(cookie))).kind).toBe('anonymous');
  });

  it('is secure over https, and bound to the host', async () => {
    const identity = service({ siteUrl: 'https://blog.example' });
    await identity.createUser(user('owner'));
    const { cookie } = await identity.logIn(user('owner'), request());
    expect(cookie).toMatch(/^__Host-broadsheet_session=.*; Secure/);
    expect((await identity.authenticate(withCookie(cookie))).kind).toBe('user');
    const unbound = withCookie(cookie.replace('__Host-', ''));
    expect((await identity.authenticate(unbound)).kind).toBe('anonymous');
  });

  it('lasts while it is used, at most 90 days', async () => {
    const day = 86_400_000;
    const identity = service();
    await identity.createUser(user('owner'));
    const { cookie } = await identity.logIn(user('owner'), request());
    for (let days = 0; days < 80; days += 10) {
      now += 10 * day;
      expect((await identity.authenticate(withCookie(cookie))).kind).toBe('user');
      await identity.close();
    }
    now += 11 * day;
    expect((await identity.authenticate(withCookie(cookie))).kind).toBe('anonymous');

    const idle = await identity.logIn(user('owner'), request());
    now += 15 * day;
    expect((await identity.authenticate(withCookie(idle.cookie))).kind).toBe('anonymous');
  });

  it('refuses writes from other sites', async () => {
    const identity = service();
    await identity.createUser(user('owner'));
    const { cookie } = await identity.logIn(user('owner'), request());
    const foreign = (method: string) => ({
      ...request({ cookie: cookie.split(';')[0], 'sec-fetch-site': 'cross-site' }),
      method,
    });
    await expect(identity.authenticate(foreign('DELETE'))).rejects.toThrow(code('cross_origin'));
    expect((await identity.authenticate(foreign('GET'))).kind).toBe('user');
  });

  it('ends with a change of the password, everywhere', async () => {
    const identity = service();
    await identity.createUser(user('owner'));
    const laptop = await identity.logIn(user('owner'), request());
    const phone = await identity.logIn(user('owner'), request());
    const next = 'quite different words';
    const own = withCookie(laptop.cookie);
    await expect(identity.changePassword({ current: 'wrong', next }, own)).rejects.toThrow(
      code('unauthorized'),
    );
    const { cookie } = await identity.changePassword({ current: password, next }, own);
    for (const old of [laptop, phone]) {
      expect((await identity.authenticate(withCookie(old.cookie))).kind).toBe('anonymous');
    }
    expect((await identity.authenticate(withCookie(cookie))).kind).toBe('user');
    await expect(identity.logIn(user('owner'), request())).rejects.toThrow(code('unauthorized'));
    await identity.logIn({ email: 'owner@example.com', password: next }, request());
  });

  it('keeps neither the cookie nor the password in the clear', async () => {
    const identity = service();
    await identity.createUser(user('owner'));
    const { cookie } = await identity.logIn(user('owner'), request());
    const secret = /=([\w-]{43});/.exec(cookie)?.[1];
    const rows = [
      await database.reader.selectFrom('sessions').selectAll().execute(),
      await database.reader.selectFrom('users').selectAll().execute(),
    ];
    expect(secret).toHaveLength(43);
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(JSON.stringify(rows)).not.toContain(password);
  });
});

describe('log-in attempts', () => {
  it('answers an unknown account and a wrong password alike', async () => {
    const identity = service();
    await identity.createUser(user('owner'));
    const failures = await Promise.all(
      ['owner@example.com', 'nobody@example.com'].map((email) =>
        identity.logIn({ email, password: 'wrong' }, request()).catch((error: unknown) => error),
      ),
    );
    expect(failures[0]).toEqual(failures[1]);
    expect(failures[0]).toMatchObject({ code: 'unauthorized' });
  });

  it('takes about as long for an unknown account as for a wrong password', async () => {
    const identity = service({ hasher: new PasswordHasher() });
    await identity.createUser(user('owner'));
    const emails = ['owner@example.com', 'nobody@example.com'] as const;
    const times: Record<(typeof emails)[number], number[]> = { [emails[0]]: [], [emails[1]]: [] };
    // By turns, so that other work on the machine slows both.
    for (let round = 0; round < 9; round += 1) {
      for (const email of emails) {
        const start = performance.now();
        await identity.logIn({ email, password: 'wrong' }, request()).catch(() => undefined);
        times[email].push(performance.now() - start);
      }
    }
    const [known, unknown] = emails.map((email) => times[email].toSorted((a, b) => a - b)[4] ?? 0);
    const ratio = (unknown ?? 0) / (known ?? 1);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  it('are limited by account, from any address', async () => {
    const identity = service();
    await identity.createUser(user('owner'));
    const from = (index: number) => request({}, { ip: `192.0.2.${index}` });
    for (let index = 0; index < 10; index += 1) {
      await expect(
        identity.logIn({ email: 'owner@example.com', password: 'wrong' }, from(index)),
      ).rejects.toThrow(code('unauthorized'));
    }
    await expect(identity.logIn(user('owner'), from(99))).rejects.toThrow(
      expect.objectContaining({ code: 'too_many_attempts', headers: { 'retry-after': '60' } }),
    );
    now += 60_000;
    await identity.logIn(user('owner'), from(99));
  });

  it('are limited by address, for any account, also when made at once', async () => {
    const identity = service();
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        identity
          .logIn({ email: `user${index}@example.com`, password }, request())
          .catch((error: { code: string }) => error.code),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'unauthorized').length).toBeLessThanOrEqual(30);
    await expect(identity.logIn(user('owner'), request())).rejects.toThrow(code('too_many_attempts'));
  });

  it('hash the password again when the cost was raised', async () => {
    await service().createUser(user('owner'));
    const stronger = service({ hasher: new PasswordHasher({ ...cost, passes: 2 }) });
    await stronger.logIn(user('owner'), request());
    await stronger.close();
    const row = await database.reader.selectFrom('users').select('password_hash').executeTakeFirstOrThrow();
    expect(row.password_hash).toContain('t=2');
    await stronger.logIn(user('owner'), request());
  });
});

describe('tokens', () => {
  it('act with their role and scopes until they are revoked', async () => {
    const identity = service();
    const { token, info } = await identity.createToken({
      name: 'deploy',
      role: 'editor',
      scopes: ['posts:write'],
    });
    expect(token).toMatch(/^bsk_[\w-]{43}$/);
    const principal = await identity.authenticate(bearer(token));
    expect(principal).toMatchObject({ kind: 'token', id: info.id, role: 'editor', authorSlug: null });
    expect([...principal.scopes]).toEqual(['posts:write']);

    await identity.revokeToken(info.id);
    await expect(identity.authenticate(bearer(token))).rejects.toThrow(code('unauthorized'));
    await expect(identity.revokeToken(info.id)).rejects.toThrow(code('not_found'));
  });

  it('are stored as a hash, and listed without it', async () => {
    const identity = service();
    const { token } = await identity.createToken({ name: 'deploy' });
    const rows = await database.reader.selectFrom('tokens').selectAll().execute();
    expect(JSON.stringify([rows, await identity.listTokens()])).not.toContain(token.slice(4));
  });

  it('expire', async () => {
    const identity = service();
    const expiresAt = '2026-01-01T00:00:10+00:00';
    const { token } = await identity.createToken({ name: 'deploy', expiresAt });
    await identity.authenticate(bearer(token));
    now += 10_000;
    await expect(identity.authenticate(bearer(token))).rejects.toThrow(code('unauthorized'));
    await expect(identity.createToken({ name: 'late', expiresAt })).rejects.toThrow(
      code('validation_failed'),
    );
  });

  it.each(['bsk_nonsense', '', ' ', 'a b'])(
    'are an error when not valid, never nobody ("%s")',
    async (token) => {
      const identity = service({ mode: 'open' });
      await identity.createUser(user('owner'));
      const { cookie } = await identity.logIn(user('owner'), request());
      const both = request({ authorization: `Bearer ${token}`, cookie: cookie.split(';')[0] });
      await expect(identity.authenticate(both)).rejects.toThrow(
        expect.objectContaining({
          code: 'unauthorized',
          headers: { 'www-authenticate': expect.stringContaining('Bearer') },
        }),
      );
    },
  );

  it('note their last use at most once a minute', async () => {
    const identity = service();
    const { token } = await identity.createToken({ name: 'deploy' });
    const use = async () => {
      await Promise.all([identity.authenticate(bearer(token)), identity.authenticate(bearer(token))]);
      await identity.close();
      return (await identity.listTokens())[0]?.lastUsedAt;
    };
    expect(await use()).toBe('2026-01-01T00:00:00.000Z');
    now += 59_000;
    expect(await use()).toBe('2026-01-01T00:00:00.000Z');
    now += 1000;
    expect(await use()).toBe('2026-01-01T00:01:00.000Z');
  });

  it("never exceed their maker's rights, nor their user's later on", async () => {
    const identity = service();
    await identity.createUser(user('owner'));
    const editor = await identity.createUser(user('editor'));
    const { principal } = await identity.logIn(user('editor'), request());
    await expect(identity.createToken({ name: 'x', role: 'owner' }, principal)).rejects.toThrow(
      code('forbidden'),
    );
    await expect(identity.createToken({ name: 'x', scopes: ['admin'] }, principal)).rejects.toThrow(
      code('forbidden'),
    );
    await expect(identity.createToken({ name: 'x', user: 'owner@example.com' }, principal)).rejects.toThrow(
      code('forbidden'),
    );

    const { token } = await identity.createToken({ name: 'x' }, principal);
    expect(await identity.authenticate(bearer(token))).toMatchObject({ role: 'editor' });
    await identity.setRole(editor.id, 'author');
    expect(await identity.authenticate(bearer(token))).toMatchObject({ role: 'author' });
    await identity.removeUser(editor.id);
    await expect(identity.authenticate(bearer(token))).rejects.toThrow(code('unauthorized'));
  });

  it('are seen and revoked by their user and by owners only', async () => {
    const identity = service();
    await identity.createUser(user('author'));
    await identity.createUser(user('editor'));
    const author = (await identity.logIn(user('author'), request())).principal;
    const editor = (await identity.logIn(user('editor'), request())).principal;
    const { info } = await identity.createToken({ name: 'mine' }, author);
    expect(await identity.listTokens(author)).toEqual([info]);
    expect(await identity.listTokens(editor)).toEqual([]);
    await expect(identity.revokeToken(info.id, editor)).rejects.toThrow(code('not_found'));
    await identity.revokeToken(info.id, author);
    const limited = await identity.createToken({ name: 'limited', scopes: ['posts:write'] });
    const principal = await identity.authenticate(bearer(limited.token));
    await expect(identity.createToken({ name: 'more' }, principal)).rejects.toThrow(code('forbidden'));
    await expect(identity.listUsers(principal)).rejects.toThrow(code('forbidden'));
  });

  it('include ADMIN_TOKEN', async () => {
    const identity = service({ adminToken });
    expect(await identity.authenticate(bearer(adminToken))).toMatchObject({ kind: 'token', role: 'owner' });
    await expect(identity.authenticate(bearer(`${adminToken}x`))).rejects.toThrow(code('unauthorized'));
  });

  it("leave a proxy's Basic credentials alone", async () => {
    const basic = request({ authorization: 'Basic dXNlcjpwYXNz' });
    expect((await service().authenticate(basic)).kind).toBe('anonymous');
  });
});

describe('AUTH=open', () => {
  const open = () => service({ mode: 'open' });

  it('is for requests that come straight from this machine', async () => {
    expect((await open().authenticate(request())).kind).toBe('open');
    expect((await service().authenticate(request())).kind).toBe('anonymous');
    expect((await open().authenticate(request({ host: 'rebound.example' }))).kind).toBe('anonymous');
    expect((await open().authenticate(request({ 'x-forwarded-for': '::1' }))).kind).toBe('anonymous');
    const distant = request({}, { socket: { remoteAddress: '192.0.2.9' } });
    expect((await open().authenticate(distant)).kind).toBe('anonymous');
  });

  it("gives other sites' pages nothing", async () => {
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await open().authenticate(request(headers))).kind).toBe('anonymous');
    await expect(open().authenticate(request(headers, { method: 'POST' }))).rejects.toThrow(
      code('cross_origin'),
    );
  });
});
