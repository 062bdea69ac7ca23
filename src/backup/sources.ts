/** What all commands on whole databases share. */
import { existsSync } from 'node:fs';
import { OperatorError } from '../errors.ts';

export interface TransferOptions {
  /** Replaces what is at the target. */
  force: boolean;
  /** Called often. Counts bytes of files and rows of copies, anew for each step. */
  onProgress(done: number, total: number): void;
}

/** @throws OperatorError when there is no such file */
export function existingFile(path: string): string {
  if (!existsSync(path)) throw new OperatorError(`There is no database at ${path}. Check the URL.`);
  return path;
}
