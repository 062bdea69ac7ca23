import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { settings } from './settings.ts';
import { settingsTable } from './table.ts';

const [begin, end] = ['<!-- settings:', '<!-- /settings -->'];

test('docs/settings.md holds the table that the schema makes', async () => {
  const page = await readFile(new URL('../../docs/settings.md', import.meta.url), 'utf8');
  const table = page.slice(page.indexOf('-->', page.indexOf(begin)) + 3, page.indexOf(end)).trim();
  expect(withoutPadding(table)).toBe(withoutPadding(settingsTable()));
});

/** The formatter aligns the columns of a table, which says nothing. */
function withoutPadding(table: string): string {
  return table.replace(/ +/g, ' ').replace(/ ?-{3,} ?/g, '---');
}

test('names are unique, so that a variable, a path or a flag means one setting', () => {
  for (const names of [
    settings.map(({ env }) => env),
    settings.map(({ path }) => path),
    settings.flatMap(({ flag }) => flag ?? []),
  ]) {
    expect(new Set(names).size).toBe(names.length);
  }
});
