/** No secret is ever in the log or in an answer that tells of an error. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startProgram } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const adminToken = 'canary-bootstrap-token-5d1f';
const password = 'canary several unrelated words';
const wrongPassword = 'canary wrong password words';
const nextPassword = 'canary quite different words';
const wrongToken = 'bsk_canary-token-that-never-was-0123456789abcd';

it('keeps passwords, tokens and cookies out of the log and of error answers', async () => {
  const folder = await temporaryFolder();
  const script = fileURLToPath(new URL('logged-blog.ts', import.meta.url));
  const program = startProgram(process.execPath, [script, `sqlite:${folder.path}/blog.db`, adminToken]);
  const [, port, setupToken = ''] = await program.printed(/listening (\d+) ([\w-]+)/);
  const origin = `http://127.0.0.1:${port}`;
  const errorAnswers: string[] = [];
  let cookie = '';

  const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const response = await fetch(origin + path, {
      redirect: 'manual',
      ...init,
      headers: { cookie, ...init.headers },
    });
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    if (response.status >= 400) {
      errorAnswers.push(`${[...response.headers]} ${await response.clone().text()}`);
    }
    return response;
  };
  const post = (path: string, fields: Record<string, string>) =>
    send(path, { method: 'POST', body: new URLSearchParams(fields) });

  await send(`/admin/setup?token=${setupToken}`);
  const owner = { token: setupToken, name: 'Ada', email: 'ada@example.com' };
  await post('/admin/setup', { ...owner, email: 'nobody', password });
  // This form keeps the link's token, for whoever has the link to send it again.
  expect(errorAnswers.pop()).not.toContain(password);
  expect((await post('/admin/setup', { ...owner, password })).status).toBe(303);
  const firstCookie = cookie;
  await send(`/admin/setup?token=${setupToken}`);
  await post('/admin/log-in', { email: 'ada@example.com', password: wrongPassword });
  const made = await post('/admin/tokens', {
    name: 'robot',
    role: 'editor',
    scopes: 'posts:write',
    days: '1',
  });
  const token = /bsk_[\w-]{43}/.exec(await made.text())?.[0] ?? '';
  for (const bearer of [token, wrongToken, adminToken, `${adminToken}x`]) {
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
    await send('/posts', { method: 'POST', headers, body: '{"title":' });
    await send('/admin/nope', { headers });
  }
  await post('/admin/profile/password', { current: wrongPassword, next: nextPassword });
  await post('/admin/profile/password', { current: password, next: nextPassword });
  const lastCookie = cookie;
  await post('/admin/log-out', {});
  const { code, stdout: log } = await program.stop();

  expect(code).toBe(0);
  expect(log).toContain('"path":"/admin/log-in"');
  expect(errorAnswers.length).toBeGreaterThan(6);
  const secrets = [setupToken, adminToken, password, wrongPassword, nextPassword, token, wrongToken];
  const cookies = [firstCookie, lastCookie].map((text) => text.split('=')[1] ?? '');
  for (const secret of [...secrets, ...cookies]) {
    expect(secret.length).toBeGreaterThan(20);
    const forms = [secret, encodeURIComponent(secret), secret.replaceAll(' ', '+')];
    for (const text of [log, ...errorAnswers]) {
      expect(forms.filter((form) => text.includes(form))).toEqual([]);
    }
  }
});
