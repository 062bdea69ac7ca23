/** The bootstrap, run for real by the Node.js of this machine (often an old one) in a small checkout of its own. */
import { copyFile, mkdir, readFile, rm, symlink, utimes } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/command.ts';
import { type RunningProgram, runProgram, startProgram } from '../support/program.ts';
import { findOnPath } from '../support/system-programs.ts';
import { createTemporaryFolder, type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const path = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter);
const systemNode = findOnPath(['node'], path) ?? process.execPath;
const env = { ...process.env, PATH: path, NODE_ENV: 'production' };

const programs = {
  'src/main.ts': 'console.log("main", process.argv.slice(2));\n',
  'scripts/where.ts': 'const where: string = process.cwd();\nconsole.log(process.version, where);\n',
  'scripts/exit.ts': 'process.exit(Number(process.argv[2]));\n',
  'scripts/crash.ts': 'process.kill(process.pid, "SIGKILL");\n',
  'scripts/wait.ts':
    'process.on(process.argv[2] ?? "", () => process.exit(7));\nsetInterval(() => 0, 1000);\nconsole.log("waiting");\n',
  'scripts/path.ts':
    'import { execSync } from "node:child_process";\nconsole.log(execSync("node --version").toString());\n',
};

interface Lockfile {
  packages: Record<string, unknown>;
}

describe('bootstrap.mjs', () => {
  let checkout: TemporaryFolder;

  beforeAll(async () => {
    checkout = await createTemporaryFolder();
    await checkout.write({ ...programs, ...(await manifests()) });
    await copyFile(join(root, 'bootstrap.mjs'), join(checkout.path, 'bootstrap.mjs'));
  });
  afterAll(() => checkout.remove());

  const bootstrap = (...args: string[]) => [join(checkout.path, 'bootstrap.mjs'), ...args];
  const run = (...args: string[]) => runProgram(systemNode, bootstrap(...args), { cwd: checkout.path, env });
  const start = (...args: string[]): RunningProgram =>
    startProgram(systemNode, bootstrap(...args), { cwd: checkout.path, env });

  it('installs what is missing, once, and again when the lockfile is newer', {
    timeout: 180_000,
  }, async () => {
    const first = await run('--script', 'scripts/where.ts');
    expect(first.output).toContain('installing dependencies');
    expect(first.stdout).toBe(`${process.version} ${checkout.path}\n`);

    const second = await run('--script', 'scripts/where.ts');
    expect(second.output).toBe(`${process.version} ${checkout.path}\n`);

    const later = new Date(Date.now() + 1000);
    await utimes(join(checkout.path, 'package-lock.json'), later, later);
    const third = await run('--script', 'scripts/where.ts');
    expect(third.output).toContain('installing dependencies');
    const now = new Date();
    await utimes(join(checkout.path, 'package-lock.json'), now, new Date(0));
  });

  it('runs the program without a word, with all arguments', async () => {
    const { output } = await run('serve', '--port', '9000');
    expect(output).toBe("main [ 'serve', '--port', '9000' ]\n");
  });

  it("stays in the caller's folder", async () => {
    const elsewhere = await temporaryFolder();
    const { stdout } = await runProgram(systemNode, bootstrap('--script', 'scripts/where.ts'), {
      cwd: elsewhere.path,
      env,
    });
    expect(stdout).toBe(`${process.version} ${elsewhere.path}\n`);
  });

  it('gives the same Node.js to whatever the program starts', async () => {
    const { stdout } = await run('--script', 'scripts/path.ts');
    expect(stdout.trim()).toBe(process.version);
  });

  it('ends with the exit code of the program', async () => {
    expect(await run('--script', 'scripts/exit.ts', '0')).toMatchObject({ code: 0 });
    expect(await run('--script', 'scripts/exit.ts', '42')).toMatchObject({ code: 42 });
  });

  it('ends with 128 + the signal when one killed the program', async () => {
    expect(await run('--script', 'scripts/crash.ts')).toMatchObject({ code: 128 + 9 });
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'passes %s on and waits for the program',
    async (signal) => {
      const program = start('--script', 'scripts/wait.ts', signal);
      await program.printed(/waiting/);
      expect(await program.stop(signal)).toMatchObject({ code: 7, signal: null });
    },
  );

  it('names the tools there are when asked for another', async () => {
    const { code, output } = await run('--bin', 'eslint');
    expect(output).toMatch(
      /^broadsheet: no development tool is named eslint; there are biome, .*vitest\.\n$/,
    );
    expect(code).toBe(1);
  });

  it('leaves a linked node_modules alone', async () => {
    const linked = await temporaryFolder({ ...programs, ...(await manifests()) });
    await copyFile(join(root, 'bootstrap.mjs'), join(linked.path, 'bootstrap.mjs'));
    await symlink(join(checkout.path, 'node_modules'), join(linked.path, 'node_modules'));
    const { output } = await runProgram(
      systemNode,
      [join(linked.path, 'bootstrap.mjs'), '--script', 'scripts/where.ts'],
      { cwd: linked.path, env },
    );
    expect(output).toBe(`${process.version} ${linked.path}\n`);
  });

  it('says what to do when npm fails, and when there is no npm', async () => {
    const broken = await temporaryFolder({ ...(await manifests()), 'package-lock.json': 'not JSON' });
    await copyFile(join(root, 'bootstrap.mjs'), join(broken.path, 'bootstrap.mjs'));
    const args = [join(broken.path, 'bootstrap.mjs'), 'serve'];
    const failed = await runProgram(systemNode, args, { cwd: broken.path, env });
    expect(failed.output).toContain('broadsheet: npm ci did not succeed');
    expect(failed.code).toBe(1);

    await mkdir(join(broken.path, 'empty'));
    const withoutNpm = { ...env, PATH: join(broken.path, 'empty') };
    const missing = await runProgram(systemNode, args, { cwd: broken.path, env: withoutNpm });
    expect(missing.output).toContain('broadsheet: could not run npm');
    expect(missing.code).toBe(1);
    await rm(join(broken.path, 'empty'), { recursive: true });
  });
});

/** The project's own manifest and lockfile, cut down to the workspace that brings Node.js. */
async function manifests(): Promise<Record<string, string>> {
  const lockfile: Lockfile = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const isNode = (name: string) => /^(tools\/node|node_modules\/(@broadsheet\/|node-))/.test(name);
  const packages = Object.entries(lockfile.packages).filter(([name]) => isNode(name));
  const manifest = { name: 'broadsheet', version: '0.0.0', type: 'module', workspaces: ['tools/node'] };
  return {
    'package.json': JSON.stringify(manifest),
    'package-lock.json': JSON.stringify({
      ...lockfile,
      packages: Object.fromEntries([['', manifest], ...packages]),
    }),
    'tools/node/package.json': await readFile(join(root, 'tools/node/package.json'), 'utf8'),
  };
}
