/** Runs programs for the scripts of this folder. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The checkout, without a slash at the end. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

export interface CommandResult {
  ok: boolean;
  /** Standard output and standard error, in the order in which they came. */
  output: string;
}

/** Runs `node` (the one that runs this script) with `args` in the checkout and collects what it prints. */
export function runNode(args: string[]): Promise<CommandResult> {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}

/** Runs a development tool by its name, as `bootstrap.mjs` knows it. */
export function runTool(tool: string, ...args: string[]): Promise<CommandResult> {
  return runNode(['bootstrap.mjs', '--bin', tool, ...args]);
}
