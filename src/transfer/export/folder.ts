/** The folder that an export writes to: never one with anything else in it. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import Type from 'typebox';
import Value from 'typebox/value';
import { OperatorError } from '../../errors.ts';
import { reasonOf } from '../system-error.ts';

/** Marks the folder as an export, and lists what is in it. Hidden, so that import passes it over. */
const manifestName = '.broadsheet-export.json';
const ManifestSchema = Type.Object({ version: Type.Literal(1), files: Type.Array(Type.String()) });

export class ExportFolder {
  readonly #root: string;
  readonly #earlier: ReadonlySet<string>;
  readonly #written = new Set<string>();

  private constructor(root: string, earlier: ReadonlySet<string>) {
    this.#root = root;
    this.#earlier = earlier;
  }

  /**
   * Takes `root`, which is made if need be.
   *
   * @throws OperatorError when it is no folder, cannot be written, or holds something that no export put there
   */
  static async open(root: string): Promise<ExportFolder> {
    try {
      await mkdir(root, { recursive: true });
      const entries = await readdir(root);
      const earlier = entries.includes(manifestName) ? await readManifest(root) : null;
      if (earlier === null && entries.length > 0) {
        throw new OperatorError(
          `${root} is not empty and not an earlier export. Give a new or an empty folder.`,
        );
      }
      const folder = new ExportFolder(root, new Set(earlier));
      // From the start, so that an export that was broken off can be run again.
      await folder.#writeManifest([...folder.#earlier]);
      return folder;
    } catch (error) {
      if (error instanceof OperatorError) throw error;
      throw new OperatorError(`Cannot export to ${root}: ${reasonOf(error)}.`, { cause: error });
    }
  }

  /** Puts a file in its place when it is complete, over one of an earlier export. `name` is relative, with `/`. */
  async write(name: string, content: string): Promise<void> {
    try {
      await replaceFile(path.join(this.#root, name), content);
    } catch (error) {
      throw new OperatorError(`Cannot write ${path.join(this.#root, name)}: ${reasonOf(error)}.`, {
        cause: error,
      });
    }
    this.#written.add(name);
  }

  /** Removes what the earlier export wrote and this one didn't: posts that are gone. Returns how many. */
  async finish(): Promise<number> {
    const stale = [...this.#earlier].filter((name) => !this.#written.has(name));
    for (const name of stale) await rm(path.join(this.#root, name), { force: true });
    await this.#writeManifest([...this.#written]);
    return stale.length;
  }

  #writeManifest(files: string[]): Promise<void> {
    const manifest = { version: 1, files: files.sort() };
    return replaceFile(path.join(this.#root, manifestName), `${JSON.stringify(manifest, null, 1)}\n`);
  }
}

async function readManifest(root: string): Promise<string[]> {
  const file = path.join(root, manifestName);
  let manifest: unknown;
  try {
    manifest = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    manifest = undefined;
  }
  // What is listed will be deleted when its post is gone, so it must lie where exports write.
  if (Value.Check(ManifestSchema, manifest) && manifest.files.every(isExportedName)) return manifest.files;
  throw new OperatorError(`${file} is damaged. Export to a new folder, or empty this one.`);
}

function isExportedName(name: string): boolean {
  return /^(posts|pages)\/[^/\\]+\.md$/.test(name);
}

async function replaceFile(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = path.join(path.dirname(file), `.${randomUUID()}.tmp`);
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
