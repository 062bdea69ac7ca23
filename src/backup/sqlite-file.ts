/** A SQLite file from outside: a consistent copy while others write, and sole use of one that is to be replaced. */
import { backup, DatabaseSync } from 'node:sqlite';
import { OperatorError } from '../errors.ts';

/** Pages in a step: long enough to be fast, short enough that a bar moves. */
const pagesInStep = 2048;

const busy = 5;
const damagedCodes = [11, 26];

/**
 * Copies a database as it was at one instant, while others go on reading and writing.
 *
 * SQLite's online backup begins anew whenever another process has written between two steps; the open read transaction
 * spares it that, as its connection goes on seeing what it saw at first (https://sqlite.org/isolation.html).
 */
export async function copySqliteFile(
  from: string,
  to: string,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const source = new DatabaseSync(from, { readOnly: true, timeout: 5000 });
  try {
    source.exec('begin');
    source.prepare('select count(*) from sqlite_schema').get();
    const pageBytes = Number(source.prepare('pragma page_size').get()?.['page_size']);
    await backup(source, to, {
      rate: pagesInStep,
      progress: ({ totalPages, remainingPages }) =>
        onProgress((totalPages - remainingPages) * pageBytes, totalPages * pageBytes),
    });
  } finally {
    source.close();
  }
}

export interface Content {
  /** The last migration. */
  schema: string;
  rows: Record<string, number>;
}

/** Checks a copy's structure, and says what is in it. @throws OperatorError when it is damaged, or no blog */
export function inspectSqliteFile(copy: string, name: string): Content {
  const database = new DatabaseSync(copy, { readOnly: true });
  try {
    const findings = database.prepare('pragma quick_check(1)').all();
    if (findings[0]?.['quick_check'] !== 'ok') {
      throw new OperatorError(
        `${name} is damaged. Restore an earlier backup, or try sqlite3 .recover on a copy.`,
      );
    }
    const names = database
      .prepare("select name from sqlite_schema where type = 'table' order by name")
      .all()
      .map((row) => String(row['name']));
    if (!names.includes('kysely_migration')) {
      throw new OperatorError(`${name} has no blog in it. Check DATABASE_URL.`);
    }
    const last = database.prepare('select max(name) as name from kysely_migration').get();
    const isOwn = (table: string) => !/^(sqlite_|kysely_|post_search)/.test(table);
    const rows = names.filter(isOwn).map((table) => {
      const counted = database.prepare(`select count(*) as n from "${table}"`).get();
      return [table, Number(counted?.['n'])] as const;
    });
    return { schema: String(last?.['name']), rows: Object.fromEntries(rows) };
  } finally {
    database.close();
  }
}

/**
 * Takes a database out of use: nobody can read it until it is released, and all that was in its
 * write-ahead log is in the file. One that is damaged is nobody's.
 *
 * @throws OperatorError when another process has it open
 */
export function claimSqliteFile(path: string): { release(): void } {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // Leaving WAL needs the only connection, which is how one finds out whether it is.
    database.exec('pragma journal_mode = delete');
    database.exec('begin exclusive');
  } catch (error) {
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
    if (damagedCodes.includes(code)) return { release: () => database.close() };
    database.close();
    if (code !== busy) throw error;
    throw new OperatorError(
      `${path} is in use by a running server or another program. Stop it, then run this again.`,
    );
  }
  return { release: () => database.close() };
}
