/** Finds the files of an import. */
import { lstat, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError } from '../../errors.ts';
import { reasonOf } from '../system-error.ts';

export interface FoundFile {
  /** To open it with. */
  file: string;
  /** Below the imported folder, always with `/`; part of the post's identity. */
  relative: string;
  /** Set when it cannot be imported: why. `isBroken` when that is an error. */
  refused?: { reason: string; isBroken: boolean };
}

const markdownFile = /\.(md|mdx|markdown|mdown|mkd)$/i;
/** Written by generators or package managers, never posts. */
const ignoredFolders = new Set([
  'node_modules',
  'vendor',
  '_site',
  '_includes',
  '_layouts',
  '_data',
  '_sass',
]);

/**
 * Lists the Markdown files below `root` by name, or `root` itself when it is a file. Symbolic links are not followed:
 * they could lead in circles, or to files that were never meant to be published.
 *
 * @throws OperatorError when there is nothing to import at `root`
 */
export async function findMarkdownFiles(root: string): Promise<FoundFile[]> {
  const info = await stat(root).catch((error: unknown) => {
    throw new OperatorError(
      `Nothing can be read at ${root}: ${reasonOf(error)}. Give a folder or a Markdown file.`,
      {
        cause: error,
      },
    );
  });
  if (!info.isDirectory()) return [{ file: root, relative: path.basename(root) }];
  const found = await walk(root, '');
  if (found.length === 0) throw new OperatorError(`There are no Markdown files (.md, .mdx) in ${root}.`);
  return found;
}

async function walk(folder: string, prefix: string): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  let names: string[];
  try {
    names = (await readdir(folder)).sort();
  } catch (error) {
    const reason = `the folder cannot be read: ${reasonOf(error)}`;
    return [{ file: folder, relative: prefix, refused: { reason, isBroken: true } }];
  }
  for (const name of names) {
    if (name.startsWith('.')) continue;
    found.push(...(await visit(path.join(folder, name), prefix + name, name)));
  }
  return found;
}

async function visit(file: string, relative: string, name: string): Promise<FoundFile[]> {
  const info = await lstat(file);
  if (info.isSymbolicLink()) {
    if (path.extname(name) !== '' && !isPost(relative)) return [];
    const reason = 'a symbolic link; give what it points to if it is to be imported';
    return [{ file, relative, refused: { reason, isBroken: false } }];
  }
  if (info.isDirectory()) return ignoredFolders.has(name) ? [] : walk(file, `${relative}/`);
  return info.isFile() && isPost(relative) ? [{ file, relative }] : [];
}

/** Jekyll's posts may be HTML too. */
function isPost(relative: string): boolean {
  return markdownFile.test(relative) || /(^|\/)_(posts|drafts)\/.*\.html?$/i.test(relative);
}
