/** `copy`: a whole blog from one database to another, of the same kind or not. */
import { redactUrl } from '../config/redact.ts';
import { sqlitePath } from '../config/sqlite-path.ts';
import type { DatabaseManager } from '../database/manager.ts';
import { openDatabase } from '../database/open.ts';
import { OperatorError } from '../errors.ts';
import { readLastChange, setLastChange } from './change-numbers.ts';
import { type Connection, countRows, deleteRows, hasRows, type Table, withColumns } from './rows.ts';
import { type CopyReport, runCopy } from './run-copy.ts';
import { withSnapshot } from './snapshot.ts';
import { existingFile, type TransferOptions } from './sources.ts';
import { contentTables, copiedTables, everyTable, searchTable } from './tables.ts';

/**
 * Copies all tables in one transaction of the target, then reads them again and compares: the copy is there complete
 * and verified, or not at all. The source is read as it is at one instant.
 *
 * @throws OperatorError when the target has content already, or what was read back differs
 */
export async function copyDatabase(
  from: string,
  to: string,
  { force, onProgress }: TransferOptions,
): Promise<CopyReport> {
  if (sameDatabase(from, to))
    throw new OperatorError('The copy would go where it comes from. Name another target.');
  const source = await openSource(from);
  try {
    const target = await open(to);
    try {
      await target.migrate();
      if (!force) await refuseFilled(target, to);
      const tables = await withColumns(target, copiedTables);
      return await withSnapshot(source, from, async (snapshot) => {
        const total = await countAll(snapshot, tables);
        const lastChange = await readLastChange(snapshot, from);
        return target.transaction(async (trx) => {
          let done = 0;
          const advance = (rows: number): void => {
            done += rows;
            // Each row is written, and read again.
            onProgress(done, total * 2);
          };
          await empty(trx);
          const report = await runCopy({
            source: snapshot,
            target: trx,
            search: target.search,
            tables,
            advance,
          });
          await setLastChange(trx, to, lastChange);
          return report;
        });
      });
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function openSource(url: string): Promise<DatabaseManager> {
  const path = sqlitePath(url);
  if (path !== null) existingFile(path);
  const source = await open(url);
  const isOutdated = (await source.migrationStatus()).some(({ appliedAt }) => appliedAt === null);
  if (!isOutdated) return source;
  await source.close();
  throw new OperatorError(
    `${redactUrl(url)} has the tables of an older version. Run broadsheet migrate on it first.`,
  );
}

function open(url: string): Promise<DatabaseManager> {
  return openDatabase({ url, poolSize: 2, replicaUrls: [] });
}

function sameDatabase(from: string, to: string): boolean {
  return (sqlitePath(from) ?? from) === (sqlitePath(to) ?? to);
}

async function refuseFilled(target: DatabaseManager, url: string): Promise<void> {
  for (const table of contentTables) {
    if (!(await hasRows(target.reader, table))) continue;
    throw new OperatorError(
      `${redactUrl(url)} has content already (in ${table.name}). Choose an empty database, or add --force to replace it.`,
    );
  }
}

/** What refers to others goes first. */
async function empty(trx: Connection): Promise<void> {
  await deleteRows(trx, searchTable);
  for (const { name } of [...everyTable].reverse()) await deleteRows(trx, name);
}

async function countAll(db: Connection, tables: readonly Table[]): Promise<number> {
  let total = 0;
  for (const { name } of tables) total += await countRows(db, name);
  return total;
}
