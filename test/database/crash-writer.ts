/** Writes as fast as it can and tells of each write that was acknowledged, until it is killed. */
import { writeSync } from 'node:fs';
import { openDatabase } from '../../src/database/open.ts';

const [url = '', round = '', rows = ''] = process.argv.slice(2);
const database = await openDatabase({ url, poolSize: 1, replicaUrls: [] });
await database.migrate();

let next = 0;
async function write(): Promise<never> {
  for (;;) {
    next += 1;
    const name = `${round}-${next}`;
    await database.transaction(async (trx) => {
      for (let part = 0; part < Number(rows); part += 1) {
        const row = { key: `${name}-${part}`, value: name, updated_at: '' };
        await trx.insertInto('settings').values(row).execute();
      }
    });
    writeSync(1, `ok ${name}\n`);
  }
}
await Promise.all(Array.from({ length: 16 }, write));
