/**
 * Proves that the sources run as they are: Node.js can strip the types of every file of `src`, and import every module
 * of the product. The argument is the folder that holds `src`; without one, the checkout.
 */
import { glob, readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './command.ts';

/** Modules that act when they are imported: the entry and the bodies of worker threads. */
const actsOnImport = /(^|[\\/-])(main|worker)\.ts$/;

const folder = resolve(process.argv[2] ?? root);
const paths = (await Array.fromAsync(glob('src/**/*.ts', { cwd: folder }))).sort();
for (const path of paths) {
  const source = await readFile(join(folder, path), 'utf8');
  const isProduct = !path.endsWith('.test.ts') && !source.includes("from 'vitest'");
  try {
    stripTypeScriptTypes(source);
    if (isProduct && !actsOnImport.test(path)) await import(pathToFileURL(join(folder, path)).href);
  } catch (error) {
    process.exitCode = 1;
    console.error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
// Explicit, because a module may hold a handle open.
process.exit();
