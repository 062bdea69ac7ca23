import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ProgramResult, runProgram, startProgram, userEnvironment } from '../support/program.ts';

const entry = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

// Each test starts several processes, one after the other.
vi.setConfig({ testTimeout: 120_000 });

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function start(words: string[], env: Record<string, string> = {}) {
  return startProgram(process.execPath, [entry, ...words], {
    cwd: folder,
    env: { ...userEnvironment(), ...env },
  });
}

function broadsheet(words: string[], env?: Record<string, string>): Promise<ProgramResult> {
  return start(words, env).ended;
}

/** What the command says when it is refused: one message on standard error, no stack, exit status 1. */
async function refusal(words: string[], env?: Record<string, string>): Promise<string> {
  const { code, output, stdout } = await broadsheet(words, env);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(output).toMatch(/^broadsheet: /);
  expect(output).not.toMatch(/^\s+at /m);
  return output;
}

/** Runs `work` with a script that pipes `input` into the command. */
function withInput(words: string[], input: string): Promise<ProgramResult> {
  const script = `printf '%s' "$INPUT" | "$NODE" "$ENTRY" "$@"`;
  const env = { ...userEnvironment(), INPUT: input, NODE: process.execPath, ENTRY: entry };
  return runProgram('/bin/sh', ['-c', script, 'sh', ...words], { cwd: folder, env });
}

describe('the program', () => {
  test('prints its help without a command, and the version', async () => {
    const help = await broadsheet([]);
    expect(help.code).toBe(0);
    for (const command of [
      'serve',
      'migrate',
      'import',
      'export',
      'backup',
      'restore',
      'copy',
      'token',
      'user',
      'doctor',
    ]) {
      expect(help.stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    }
    expect((await broadsheet(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('suggests the command and the flag that were meant', async () => {
    expect(await refusal(['serv'])).toContain("unknown command 'serv'\n(Did you mean serve?)");
    expect(await refusal(['serve', '--prot', '1'])).toContain(
      "unknown option '--prot'\n(Did you mean --port?)",
    );
  });
});

describe('serve', () => {
  test('prints the addresses and a set-up link, answers, and stops in order', async () => {
    const server = start(['serve', '--port', '0']);
    const [, origin] = await server.printed(/Blog\s+(http:\/\/127\.0\.0\.1:\d+)\//);
    await server.printed(/Admin\s+http:\/\/127\.0\.0\.1:\d+\/admin\//);
    await server.printed(/Set up\s+http:\/\/127\.0\.0\.1:\d+\/admin\/setup\?token=[\w-]{20,}/);
    await server.printed(/Ctrl-C/);
    expect((await fetch(`${origin}/health/ready`)).status).toBe(200);
    // A terminal and a wrapper both pass the key press on.
    server.child.kill('SIGINT');
    const { code, output } = await server.stop('SIGINT');
    expect(code).toBe(0);
    expect(output).toContain('SIGINT: finishing what is in flight');
  });

  test('prints no set-up link once there is an owner', async () => {
    await withInput(
      ['user', 'create', '--email', 'a@b.example', '--name', 'Ada', '--password-stdin'],
      'four unrelated words',
    );
    const server = start(['serve', '--port', '0']);
    await server.printed(/Ctrl-C/);
    expect((await server.stop()).output).not.toContain('setup?token');
  });

  test('refuses a port in use, naming it and the fix', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    try {
      const message = await broadsheet(['serve', '--port', String(port), '--log-level', 'fatal']);
      expect(message).toMatchObject({ code: 1, stdout: '' });
      expect(message.output).toMatch(
        new RegExp(`^broadsheet: PORT: ${port} on 127\\.0\\.0\\.1 is in use.*--port \\d+\\.\n$`),
      );
    } finally {
      other.close();
    }
  });

  test('refuses bad settings from every source at once, and makes no files', async () => {
    const message = await refusal(['serve', '--workers', 'x'], { PORT: '80x', CACHE_TTL: '5' });
    expect(message.split('\n')).toHaveLength(5);
    for (const name of ['--workers is "x"', 'PORT is "80x"', 'did you mean CACHE_TTL_SECONDS?']) {
      expect(message).toContain(name);
    }
    expect(await readdir(folder)).toEqual([]);
  });

  test('refuses to be open to others', async () => {
    expect(await refusal(['serve', '--open', '--host', '0.0.0.0'])).toContain('--open needs a loopback host');
  });

  test('refuses a database that is not SQLite, and leaves it alone', async () => {
    await writeFile(join(folder, 'notes.txt'), 'only text, and enough of it to be looked at\n'.repeat(50));
    const message = await refusal(['serve', '--database', 'sqlite:notes.txt']);
    expect(message).toMatch(/notes\.txt is not a SQLite database.*DATABASE_URL/);
    expect(await readdir(folder)).toEqual(['notes.txt']);
  });

  test('refuses a folder that cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    expect(await refusal(['serve', '--database', 'sqlite:file/blog.db'])).toContain('cannot be created');
  });
});

describe('migrate', () => {
  test('tells the status without making a database, applies, and applies nothing twice', async () => {
    expect((await broadsheet(['migrate', '--status'])).stdout).toContain('no database yet');
    expect(existsSync(join(folder, 'data'))).toBe(false);
    expect((await broadsheet(['migrate'])).stdout).toMatch(/^applied 0001-/);
    expect((await broadsheet(['migrate'])).stdout).toBe('The database is up to date.\n');
    expect((await broadsheet(['migrate', '--status'])).stdout).toMatch(/^0001-\S+ {2}applied 20/);
  });
});

describe('import and export', () => {
  test('import is idempotent, export round-trips, a broken item is told and decides the exit status', async () => {
    const source = join(folder, 'content');
    await mkdir(source);
    await writeFile(join(source, '2024-01-02-hello.md'), '---\ntitle: Hello\ntags: [first]\n---\n# Hi\n');
    const dry = await broadsheet(['import', 'markdown', source, '--dry-run']);
    expect(dry.stdout).toMatch(/^Dry run, nothing was written.*1 created, 0 updated/);
    expect((await broadsheet(['import', 'markdown', source])).stdout).toMatch(
      /^1 created, 0 updated, 0 unchanged/,
    );
    expect((await broadsheet(['import', 'markdown', source])).stdout).toMatch(
      /^0 created, 0 updated, 1 unchanged/,
    );

    expect((await broadsheet(['export', 'out'])).stdout).toMatch(/^Exported 1 post and 0 pages to out/);
    const again = await broadsheet(['import', 'markdown', 'out']);
    expect(again.stdout).toMatch(/^0 created, 0 updated, 1 unchanged/);

    await writeFile(join(source, 'broken.md'), '---\ntitle: [\n---\n');
    const broken = await broadsheet(['import', 'markdown', source]);
    expect(broken.code).toBe(1);
    expect(broken.stdout).toMatch(/failed\s+\S*broken\.md:\d+ .*: .+/);
    expect(broken.stdout).toContain('0 created, 0 updated, 1 unchanged, 0 skipped, 1 failed');
  });

  test('name a path that is not there', async () => {
    expect(await refusal(['import', 'ghost', 'missing.json'])).toContain('missing.json');
    expect(await refusal(['import', 'markdown'])).toContain("missing required argument 'path'");
  });
});

describe('backup, restore and copy', () => {
  test('bring a blog into a file, out of it, and to another database', async () => {
    await writeFile(join(folder, 'hello.md'), '---\ntitle: Hello\n---\n# Hi\n');
    await broadsheet(['import', 'markdown', 'hello.md']);
    expect((await broadsheet(['backup', 'blog.backup'])).stdout).toMatch(
      /^Backed up 1 post to blog\.backup: /,
    );
    expect(await refusal(['backup', 'blog.backup'])).toContain('--force');
    expect(await refusal(['restore', 'blog.backup'])).toContain('--force');
    const restored = await broadsheet(['restore', 'blog.backup', '--database', 'sqlite:restored.db']);
    expect(restored.stdout).toMatch(/^Restored 1 post of 20.* to sqlite:restored\.db in /);
    const copied = await broadsheet(['copy', 'sqlite:restored.db', 'sqlite:copied.db']);
    expect(copied.stdout).toMatch(/^Copied 1 post \(\d+ rows\) in .*is the same\.\n$/);
    expect(await refusal(['copy', 'restored.db', 'sqlite:other.db'])).toContain('FROM must be sqlite:PATH');
  });

  test('a server keeps its database from being replaced', async () => {
    const server = start(['serve', '--port', '0']);
    await server.printed(/Ctrl-C/);
    expect((await broadsheet(['backup', 'blog.backup'])).code).toBe(0);
    expect(await refusal(['restore', 'blog.backup', '--force'])).toContain('in use by a running server');
    expect((await server.stop()).code).toBe(0);
    expect((await broadsheet(['restore', 'blog.backup', '--force'])).code).toBe(0);
  });
});

describe('token and user', () => {
  test('a token is printed alone, works, is listed without its value, and ends with revoke', async () => {
    const created = await broadsheet(['token', 'create', 'deploy', '--role', 'editor', '--expires', '30d']);
    const token = created.stdout.trim();
    expect(token).toMatch(/^\S+$/);
    const list = await broadsheet(['token', 'list']);
    expect(list.stdout).toMatch(/deploy\s+editor/);
    expect(list.stdout).not.toContain(token);
    const id = /^(\S+)\s+deploy/m.exec(list.stdout)?.[1] ?? '';

    const server = start(['serve', '--port', '0']);
    const [, origin] = await server.printed(/Blog\s+(\S+)\//);
    const write = () =>
      fetch(`${origin}/posts`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ title: 'By token', content: 'Text' }),
      });
    expect((await write()).status).toBe(201);
    expect((await broadsheet(['token', 'revoke', id])).code).toBe(0);
    expect((await write()).status).toBe(401);
    await server.stop();
    expect(await refusal(['token', 'revoke', id])).toContain('no such token');
  });

  test('refuses roles and dates that are none', async () => {
    expect(await refusal(['token', 'create', '--role', 'king'])).toContain('owner, editor, author');
    expect(await refusal(['token', 'create', '--expires', 'soon'])).toContain('2030-01-31');
  });

  test('the first user is the owner; the fields that are wrong are named', async () => {
    const create = (email: string, password: string) =>
      withInput(['user', 'create', '--email', email, '--name', 'Ada', '--password-stdin'], password);
    expect((await create('a@b.example', 'four unrelated words')).stdout).toContain('is now an owner');
    expect((await create('c@b.example', 'four unrelated words\n')).stdout).toContain('is now an author');
    const wrong = await create('nobody', 'short');
    expect(wrong.code).toBe(1);
    expect(wrong.output).toMatch(/email must be.*\n.*password must have at least/);
    expect(wrong.output).not.toContain('short');
  });

  test('asks for a password only at a terminal', async () => {
    expect(await refusal(['user', 'create', '--email', 'a@b.example', '--name', 'A'])).toContain(
      '--password-stdin',
    );
  });
});

describe('doctor', () => {
  test('finds nothing wrong with a new folder, and changes nothing in it', async () => {
    const { code, stdout } = await broadsheet(['doctor']);
    expect(code).toBe(0);
    expect(stdout).toContain('Nothing keeps the blog from working');
    expect(await readdir(folder)).toEqual([]);
  });

  test('looks into the database', async () => {
    await broadsheet(['migrate']);
    const { code, stdout } = await broadsheet(['doctor']);
    expect(code).toBe(0);
    for (const finding of ['✓ Database', '✓ Migrations', '✓ Integrity', '✓ Folder', '✓ Clock']) {
      expect(stdout).toContain(finding);
    }
  });

  test('tells each finding with its fix, without credentials, and exits 1', async () => {
    await writeFile(join(folder, 'notes.txt'), 'only text, and enough of it to be looked at\n'.repeat(50));
    const { code, stdout } = await broadsheet(['doctor', '--database', 'sqlite:notes.txt'], {
      REDIS_URL: 'redis://:hush@127.0.0.1:1',
      SITE_THEME: 'nowhere',
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ Database .*notes\.txt is not a SQLite database/);
    expect(stdout).toMatch(/✗ Redis .*ECONNREFUSED\n\s+Fix: /);
    expect(stdout).toMatch(/✗ Theme .*nowhere.*\n\s+Fix: /);
    expect(stdout).toContain('3 problems');
    expect(stdout).not.toContain('hush');
  });

  test('reports bad settings as a finding', async () => {
    const { code, stdout } = await broadsheet(['doctor'], { PORT: 'x' });
    expect(code).toBe(1);
    expect(stdout).toContain('✗ Settings  PORT is "x"; it must be a whole number');
  });
});
