/** `backup`: one file with everything, while the blog is served and written to. */
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { redactUrl } from '../config/redact.ts';
import { sqlitePath } from '../config/sqlite-path.ts';
import { OperatorError } from '../errors.ts';
import { type Manifest, seal } from './backup-file.ts';
import { copyDatabase } from './copy.ts';
import { syncFolder, withWorkspace } from './files.ts';
import { existingFile, type TransferOptions } from './sources.ts';
import { copySqliteFile, inspectSqliteFile } from './sqlite-file.ts';

/**
 * Writes the database at `url` as it is at one instant to `file`, which appears whole or not at all. A backup of
 * PostgreSQL has the same form: one snapshot of it, copied into a SQLite file.
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
  const path = sqlitePath(url);
  const source = path === null ? null : existingFile(path);
  return withWorkspace(target, async (folder) => {
    const copy = join(folder, 'blog.db');
    const createdAt = new Date().toISOString();
    if (source === null) await copyDatabase(url, `sqlite:${copy}`, { force: false, onProgress });
    else await copySqliteFile(source, copy, onProgress);
    const content = inspectSqliteFile(copy, source ?? redactUrl(url));
    const kind = source === null ? 'postgres' : 'sqlite';
    const sealed = join(folder, 'backup');
    const manifest = await seal(copy, sealed, { program, createdAt, kind, ...content }, onProgress);
    await rename(sealed, target);
    await syncFolder(dirname(target));
    return manifest;
  });
}
