#!/usr/bin/env node
/** The program's entry: hands the command line to src/cli. Importing this file runs nothing. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run } from './cli/program.ts';

if (isEntry()) process.exitCode = await run(process.argv.slice(2));

/** npm starts the program through a symbolic link, hence the real path. */
function isEntry(): boolean {
  const started = process.argv[1];
  return started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url);
}
