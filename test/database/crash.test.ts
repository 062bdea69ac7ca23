import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { startProgram } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const writer = fileURLToPath(new URL('./crash-writer.ts', import.meta.url));
const rounds = 12;
const rowsEach = 3;

it('has every acknowledged write, whole, after kill -9 at any moment', async () => {
  const folder = await temporaryFolder();
  const url = `sqlite:${folder.path}/blog.db`;
  const acknowledged = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    const program = startProgram(process.execPath, [writer, url, String(round), String(rowsEach)]);
    // Killed after so many writes were acknowledged, with others under way.
    await program.printed(new RegExp(`(ok \\S+\\n){${1 + round * 9}}`));
    await program.stop('SIGKILL');
    for (const [, key = ''] of program.output().matchAll(/^ok (\S+)\n/gm)) acknowledged.add(key);
  }
  const database = await openDatabase({ url, poolSize: 1, replicaUrls: [] });
  const rows = await database.reader.selectFrom('settings').select(['key', 'value']).execute();
  await database.close();
  const parts = Map.groupBy(rows, ({ value }) => value);
  expect(acknowledged.size).toBeGreaterThan(rounds * 9);
  for (const key of acknowledged) expect(parts.has(key)).toBe(true);
  for (const [key, found] of parts) expect([key, found.length]).toEqual([key, rowsEach]);
}, 120_000);
