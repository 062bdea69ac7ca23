/** `backup`: one file with everything, while the blog is served and written to. */
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { redactUrl } from '../config/redact.ts';
import { sqlitePath } from '../config/sqlite-path.ts';
import { OperatorError } from '../errors.ts';
import { type Manifest, seal } from './backup-file.ts';
import { syncFolder, withWorkspace } from './files.ts';
import { copySqliteFile, inspectSqliteFile } from './sqlite-file.ts';

export interface TransferOptions {
  /** Replaces what is at the target. */
  force: boolean;
  /** Called often, anew for each step. In bytes. */
  onProgress(done: number, total: number): void;
}

/**
 * Writes the database at `url` as it is at one instant to `file`, which appears whole or not at all.
 *
 * @param program the version of this program
 * @throws OperatorError naming the file and the fix
 */
export async function backupDatabase(
  url: string,
  file: string,
  program: string,
  { force, onProgress }: TransferOptions,
): Promise<Manifest> {
  const target = resolve(file);
  if (existsSync(target) && !force)
    throw new OperatorError(`${file} exists already. Choose another name, or add --force to replace it.`);
  if (!existsSync(dirname(target)))
    throw new OperatorError(`The folder ${dirname(target)} does not exist. Create it, or choose another.`);
  const source = existingFile(url);
  return withWorkspace(target, async (folder) => {
    const copy = join(folder, 'blog.db');
    const createdAt = new Date().toISOString();
    await copySqliteFile(source, copy, onProgress);
    const content = inspectSqliteFile(copy, source);
    const sealed = join(folder, 'backup');
    const manifest = await seal(copy, sealed, { program, createdAt, kind: 'sqlite', ...content }, onProgress);
    await rename(sealed, target);
    await syncFolder(dirname(target));
    return manifest;
  });
}

/** The file of a SQLite URL. @throws OperatorError when there is none */
export function existingFile(url: string): string {
  const path = sqlitePath(url);
  if (path === null) {
    throw new OperatorError(`${redactUrl(url)} is not a SQLite database; back it up with pg_dump.`);
  }
  if (!existsSync(path)) throw new OperatorError(`There is no database at ${path}. Check DATABASE_URL.`);
  return path;
}
