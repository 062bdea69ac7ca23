/** Reads the files of a theme: the default theme's, each one replaced by the operator's where that has it. */
import { readdir, readFile, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OperatorError } from '../../errors.ts';

export interface ThemeFile {
  /** Relative to the theme's folder, with forward slashes: `post.liquid`, `assets/style.css`. */
  name: string;
  /** Where it was read from. */
  path: string;
  content: Buffer;
}

export type ThemeFiles = ReadonlyMap<string, ThemeFile>;

const defaultFolder = fileURLToPath(new URL('../themes/default', import.meta.url));
const require = createRequire(import.meta.url);

/** The typeface of the default theme, from its package; names as style.css uses them. */
const fonts = {
  'assets/fonts/newsreader-latin.woff2': 'newsreader-latin-opsz-normal.woff2',
  'assets/fonts/newsreader-latin-ext.woff2': 'newsreader-latin-ext-opsz-normal.woff2',
  'assets/fonts/newsreader-latin-italic.woff2': 'newsreader-latin-wght-italic.woff2',
  'assets/fonts/newsreader-latin-ext-italic.woff2': 'newsreader-latin-ext-wght-italic.woff2',
};

/**
 * @param folder The operator's theme; without it, the default theme alone.
 * @throws OperatorError when the folder can't be read, or a file in it is a link that leads out of it.
 */
export async function readThemeFiles(folder?: string): Promise<ThemeFiles> {
  const files = new Map<string, ThemeFile>();
  for (const [name, font] of Object.entries(fonts)) {
    const path = require.resolve(`@fontsource-variable/newsreader/files/${font}`);
    files.set(name, { name, path, content: await readFile(path) });
  }
  for (const file of await readFolder(defaultFolder)) files.set(file.name, file);
  if (folder !== undefined) {
    for (const file of await readOperatorFolder(resolve(folder))) files.set(file.name, file);
  }
  return files;
}

async function readOperatorFolder(folder: string): Promise<ThemeFile[]> {
  try {
    return await readFolder(folder);
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError(
      `the theme folder ${folder} can't be read (${reason}); set SITE_THEME to a folder, or leave it out`,
      { cause: error },
    );
  }
}

async function readFolder(folder: string): Promise<ThemeFile[]> {
  const root = await realpath(folder);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => isThemeFile(relative(root, path)));
  return Promise.all(paths.map((path) => readInside(root, path)));
}

/** Templates and assets, and nothing hidden: a `.git` folder or an editor's leftovers are no part of a theme. */
function isThemeFile(name: string): boolean {
  const isHidden = name.split(sep).some((part) => part.startsWith('.'));
  return !isHidden && (name.endsWith('.liquid') || name.startsWith(`assets${sep}`));
}

async function readInside(root: string, path: string): Promise<ThemeFile> {
  const target = await realpath(path);
  if (!target.startsWith(root + sep)) {
    throw new OperatorError(
      `${path} links to ${target}, outside the theme folder; put the file itself there`,
    );
  }
  const name = relative(root, path).split(sep).join('/');
  return { name, path, content: await readFile(target) };
}
