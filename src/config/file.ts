/** Finds and reads `broadsheet.config.{ts,js,json}`. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { OperatorError } from '../errors.ts';

const fileNames = ['broadsheet.config.ts', 'broadsheet.config.js', 'broadsheet.config.json'];

export interface ConfigFile {
  name: string;
  content: unknown;
}

/**
 * The configuration file of a folder, or null when it has none.
 *
 * @throws OperatorError when there are several, or when it cannot be read or run.
 */
export async function readConfigFile(folder: string): Promise<ConfigFile | null> {
  const present = await entriesOf(folder);
  const [name, another] = fileNames.filter((candidate) => present.includes(candidate));
  if (!name) return null;
  if (another) throw new OperatorError(`${name} and ${another} are both in ${folder}: keep one of them.`);
  const path = join(folder, name);
  try {
    const content = name.endsWith('.json') ? JSON.parse(await readFile(path, 'utf8')) : await runModule(path);
    return { name, content };
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError(`${path} cannot be read: ${reason}`, { cause: error });
  }
}

async function runModule(path: string): Promise<unknown> {
  const loaded: { default?: unknown } = await import(pathToFileURL(path).href);
  if ('default' in loaded) return loaded.default;
  throw new OperatorError(`${path} has no default export: write "export default { … }".`);
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError(`the working folder cannot be read: ${reason}`, { cause: error });
  }
}
