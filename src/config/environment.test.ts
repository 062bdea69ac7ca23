import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('only the loader reads the environment', async () => {
  const root = new URL('..', import.meta.url).pathname;
  const sources = (await readdir(root, { recursive: true })).filter(
    (path) => /\.[cm]?tsx?$/.test(path) && !path.endsWith('.test.ts'),
  );
  const readers = [];
  for (const path of sources) {
    const text = await readFile(join(root, path), 'utf8');
    if (
      /process\s*(\?\.|\.)\s*env\b|process\[['"`]env|import\.meta\.env|\benv\b[^;]*from 'node:process'/.test(
        text,
      )
    )
      readers.push(path);
  }
  expect(readers).toEqual(['config/loader.ts']);
});
