// Runs everything with the pinned Node.js, from a machine that may only have an old one.
//
//   node bootstrap.mjs COMMAND …          the broadsheet command
//   node bootstrap.mjs --script FILE …    a TypeScript file of this checkout
//   node bootstrap.mjs --bin TOOL …       a development tool from node_modules
//
// Plain JavaScript without dependencies, because it must work on any Node.js >= 18 before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { lstatSync, readFileSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const modules = join(root, 'node_modules');
const isWindows = process.platform === 'win32';

/** Which package brings a development tool. */
const tools = {
  biome: '@biomejs/biome',
  depcruise: 'dependency-cruiser',
  tsc: 'typescript',
  vitest: 'vitest',
};

if (isStale()) install();
run(pinnedNode(), programArguments(process.argv.slice(2)));

/**
 * npm writes node_modules/.package-lock.json last, so its time says when the installation was finished.
 * A linked node_modules belongs to another checkout, which looks after it.
 */
function isStale() {
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) return false;
  const marker = statSync(join(modules, '.package-lock.json'), { throwIfNoEntry: false });
  return !marker || marker.mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs;
}

function install() {
  console.error('broadsheet: installing dependencies (npm ci), about a minute the first time …');
  // Old Node.js versions draw warnings about engines from packages that run on the pinned one: keep to errors.
  const { error, status } = spawnSync(
    'npm',
    ['ci', '--include=dev', '--include=optional', '--loglevel=error', '--no-audit', '--no-fund'],
    { cwd: root, stdio: ['ignore', 2, 2], shell: isWindows },
  );
  if (error) fail(`could not run npm (${error.message}). Install it, then run the command again.`);
  if (status !== 0) fail('npm ci did not succeed; its messages are above. Mend that, then run it again.');
}

/** The binary that the lockfile brought for this platform, else the running Node.js where that is new enough. */
function pinnedNode() {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'tools/node/package.json'), 'utf8'));
  const suffix = `-${isWindows ? 'win' : process.platform}-${process.arch}`;
  const name = Object.keys(optionalDependencies).find((candidate) => candidate.endsWith(suffix));
  const binary = name ? join(modules, name, 'bin', isWindows ? 'node.exe' : 'node') : '';
  if (binary && spawnSync(binary, ['--version']).status === 0) return binary;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return fail(
    `no Node.js binary from the lockfile runs on ${process.platform} ${process.arch}, and this is ` +
      `Node.js ${process.versions.node}. Install Node.js 24 or newer, then run it again.`,
  );
}

function programArguments([first, second, ...rest]) {
  if (first === '--script' && second) return [join(root, second), ...rest];
  if (first === '--bin' && second) return [toolPath(second), ...rest];
  return [join(root, 'src/main.ts'), ...process.argv.slice(2)];
}

function toolPath(tool) {
  const name =
    tools[tool] ?? fail(`no development tool is named ${tool}; there are ${Object.keys(tools).join(', ')}.`);
  const folder = join(modules, name);
  return join(folder, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).bin[tool]);
}

/** Runs the program in the caller's folder, and ends as it ends. */
function run(node, args) {
  const child = spawn(node, args, { stdio: 'inherit', env: environment(node) });
  child.on('error', (error) => fail(`could not start ${node}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  // Ctrl+C at a terminal reaches the child by itself, and a second one would mean "now, at once".
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
}

/** What the program starts in turn finds the same Node.js, and the tools, first. */
function environment(node) {
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const path = [dirname(node), join(modules, '.bin'), process.env[key]].filter(Boolean).join(delimiter);
  return { ...process.env, [key]: path };
}

function fail(message) {
  console.error(`broadsheet: ${message}`);
  process.exit(1);
}
