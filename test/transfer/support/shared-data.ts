/** Real exports, which are no part of the repository: `shared/data` beside the checkout, or beside the folder of its worktrees. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'vitest';

const checkout = path.resolve(import.meta.dirname, '../../..');

/** Path of a file or folder of the data; skips the test where there is none. */
export function sharedData(context: TestContext, name: string): string {
  const candidates = ['..', '../..'].map((up) => path.resolve(checkout, up, 'shared/data', name));
  return candidates.find(existsSync) ?? context.skip(`There is no shared/data/${name} beside the checkout.`);
}
