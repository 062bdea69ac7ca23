/** Files that appear whole or not at all. */
import { mkdtempSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `work` with a folder beside `target`, so that a rename is the last step of making it. The folder is gone
 * afterwards, also when the user stops the program.
 */
export async function withWorkspace<T>(target: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const stop = (signal: NodeJS.Signals): void => {
    remove();
    for (const name of signals) process.off(name, stop);
    process.kill(process.pid, signal);
  };
  for (const name of signals) process.on(name, stop);
  try {
    return await work(folder);
  } finally {
    for (const name of signals) process.off(name, stop);
    remove();
  }
}

/** Makes the names in a folder survive power loss. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows can't open folders, and keeps names by itself.
  if (process.platform === 'win32') return;
  await syncFile(folder, 'r');
}

/** Makes what is in a file survive power loss. */
export async function syncFile(path: string, flags: 'r' | 'r+' = 'r+'): Promise<void> {
  await withFile(path, flags, (handle) => handle.sync());
}

export async function withFile<T>(
  path: string,
  flags: 'r' | 'r+',
  work: (handle: FileHandle) => Promise<T>,
): Promise<T> {
  const handle = await open(path, flags);
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}
