// Runs everything with the pinned Node.js, from a machine that may only have an old one.
//
//   node bootstrap.mjs COMMAND …          the broadsheet command
//   node bootstrap.mjs --script FILE …    a TypeScript file of this checkout
//   node bootstrap.mjs --bin NAME …       a development tool from node_modules
//
// Plain JavaScript without dependencies, because it must work on any Node.js >= 18 before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const modules = join(root, 'node_modules');

installIfStale();
const child = spawn(pinnedNode(), programArguments(process.argv.slice(2)), {
  stdio: 'inherit',
  env: { ...process.env, PATH: `${join(modules, '.bin')}:${process.env.PATH ?? ''}` },
});
// A terminal signals the whole process group, a supervisor only this process: pass it on and wait either way.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => child.kill(signal));
}
child.on('error', (error) => fail(`could not start Node.js: ${error.message}`));
child.on('exit', (code, signal) => {
  process.exitCode = signal ? 128 + 15 : (code ?? 1);
});

/** npm writes node_modules/.package-lock.json last, so its time says when the installation was finished. */
function installIfStale() {
  const marker = join(modules, '.package-lock.json');
  const isFresh =
    existsSync(marker) && statSync(marker).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
  if (isFresh) return;
  console.error('broadsheet: installing dependencies (npm ci), about a minute the first time …');
  // Old Node.js versions draw warnings about engines from packages that run on the pinned one: keep to errors.
  const install = spawnSync('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (install.status !== 0)
    fail('npm ci did not succeed; its messages are above. Mend that and run the command again.');
}

/** The binary that the lockfile brought for this platform, else the running Node.js where that is new enough. */
function pinnedNode() {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'tools/node/package.json'), 'utf8'));
  const suffix = `-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const name = Object.keys(optionalDependencies).find((candidate) => candidate.endsWith(suffix));
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const binary = name ? join(modules, name, 'bin', file) : '';
  if (binary && spawnSync(binary, ['--version']).status === 0) return binary;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return fail(
    `no Node.js binary for ${process.platform} ${process.arch} in the lockfile; install Node.js 24 or newer.`,
  );
}

function programArguments([first, second, ...rest]) {
  if (first === '--script') return [join(root, second), ...rest];
  if (first === '--bin') return [toolPath(second), ...rest];
  return [join(root, 'src/main.ts'), ...[first, second, ...rest].filter((word) => word !== undefined)];
}

function toolPath(tool) {
  const manifest = [tool, `@biomejs/${tool}`, 'typescript', 'dependency-cruiser']
    .map((name) => join(modules, name, 'package.json'))
    .filter((path) => existsSync(path))
    .map((path) => ({ path, bin: JSON.parse(readFileSync(path, 'utf8')).bin ?? {} }))
    .find(({ bin }) => typeof bin === 'object' && tool in bin);
  return manifest
    ? join(dirname(manifest.path), manifest.bin[tool])
    : fail(`no development tool named ${tool}`);
}

function fail(message) {
  console.error(`broadsheet: ${message}`);
  process.exit(1);
}
