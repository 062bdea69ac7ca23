import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorCatalog } from './errors.ts';

const documented = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

describe('the error catalogue', () => {
  it('is documented, each code with its status, title and advice, and nothing else is', () => {
    const catalogue = Object.entries(errorCatalog).map(([code, { status, title, advice }]) => [
      `\`${code}\``,
      String(status),
      title,
      advice,
    ]);
    expect(documented).toEqual(catalogue);
  });
});
