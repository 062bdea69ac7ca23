/** Folders that tests write to. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  /** Writes `files` (path from the folder → text), making folders as needed. */
  write(files: Record<string, string>): Promise<void>;
  remove(): Promise<void>;
}

/**
 * A new, empty folder of the system's temporary one. The caller removes it.
 *
 * @example await using folder = await createTemporaryFolder();
 */
export async function createTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'broadsheet-test-'));
  const remove = () => rm(path, { recursive: true, force: true, maxRetries: 3 });
  return {
    path,
    async write(files) {
      for (const [name, text] of Object.entries(files)) {
        const file = join(path, name);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text);
      }
    },
    remove,
    [Symbol.asyncDispose]: remove,
  };
}

/** As {@link createTemporaryFolder}, holding `files`, and removed when the running test has finished. */
export async function temporaryFolder(files: Record<string, string> = {}): Promise<TemporaryFolder> {
  const folder = await createTemporaryFolder();
  onTestFinished(folder.remove);
  await folder.write(files);
  return folder;
}
