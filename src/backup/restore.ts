/** `restore`: a backup takes the place of a database, or nothing happens. */
import { existsSync, rmSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { sqlitePath } from '../config/sqlite-path.ts';
import { openDatabase } from '../database/open.ts';
import { OperatorError } from '../errors.ts';
import { type Manifest, readManifest, unseal } from './backup-file.ts';
import { copyDatabase } from './copy.ts';
import { syncFile, syncFolder, withWorkspace } from './files.ts';
import type { TransferOptions } from './sources.ts';
import { claimSqliteFile } from './sqlite-file.ts';

/**
 * Puts the content of a backup where `url` points. The old database stays until the new one is whole and verified.
 *
 * @throws OperatorError naming the file and the fix; then nothing was changed
 */
export async function restoreDatabase(
  file: string,
  url: string,
  { force, onProgress }: TransferOptions,
): Promise<Manifest> {
  if (!existsSync(file)) throw new OperatorError(`There is no file ${file}. Check the name.`);
  const path = sqlitePath(url);
  if (path === null) return restoreByCopy(file, url, { force, onProgress });
  if (existsSync(path) && !force) {
    throw new OperatorError(
      `There is a database at ${path} already. Choose another with --database, or add --force to replace it.`,
    );
  }
  const manifest = await readManifest(resolve(file));
  await mkdir(dirname(path), { recursive: true });
  return withWorkspace(path, async (folder) => {
    const unpacked = join(folder, 'blog.db');
    await unseal(file, manifest, unpacked, onProgress);
    await migrateUnpacked(file, unpacked);
    await swap(unpacked, path);
    return manifest;
  });
}

/** Another database gets the rows of the backup, all in one transaction. */
async function restoreByCopy(file: string, url: string, options: TransferOptions): Promise<Manifest> {
  const manifest = await readManifest(file);
  return withWorkspace(join(tmpdir(), 'broadsheet'), async (folder) => {
    const unpacked = join(folder, 'blog.db');
    await unseal(file, manifest, unpacked, options.onProgress);
    await migrateUnpacked(file, unpacked);
    await copyDatabase(`sqlite:${unpacked}`, url, options);
    return manifest;
  });
}

/** Opening it also shows that it is a database. */
async function migrateUnpacked(file: string, path: string): Promise<void> {
  const database = await openDatabase({ url: `sqlite:${path}`, poolSize: 1, replicaUrls: [] });
  try {
    await database.migrate();
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    throw new OperatorError(`${file}: ${error.message}`, { cause: error });
  } finally {
    await database.close();
  }
}

async function swap(unpacked: string, path: string): Promise<void> {
  await syncFile(unpacked);
  const claim = existsSync(path) ? claimSqliteFile(path) : null;
  try {
    // A log of the old database would be taken for one of the new.
    for (const suffix of ['-wal', '-shm', '-journal']) rmSync(`${path}${suffix}`, { force: true });
    await rename(unpacked, path);
    await syncFolder(dirname(path));
  } finally {
    claim?.release();
  }
}
