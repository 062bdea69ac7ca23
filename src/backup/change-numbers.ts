/**
 * The numbers of the change log. They go on where they were, also when the log was trimmed: who follows it would take
 * a smaller number for one that it has seen.
 */
import { sql } from 'kysely';
import { sqlitePath } from '../config/sqlite-path.ts';
import type { Connection } from './rows.ts';

/** @returns the last number that was given out; 0 when none was */
export async function readLastChange(db: Connection, url: string): Promise<number> {
  const query =
    sqlitePath(url) === null
      ? sql<{
          last: number | null;
        }>`select pg_sequence_last_value(pg_get_serial_sequence('changes', 'sequence')::regclass) as last`
      : sql<{ last: number | null }>`select seq as last from sqlite_sequence where name = 'changes'`;
  const { rows } = await query.execute(db);
  return Number(rows[0]?.last ?? 0);
}

export async function setLastChange(db: Connection, url: string, last: number): Promise<void> {
  if (last === 0) return;
  if (sqlitePath(url) === null) {
    await sql`select setval(pg_get_serial_sequence('changes', 'sequence'), ${last})`.execute(db);
    return;
  }
  await sql`delete from sqlite_sequence where name = 'changes'`.execute(db);
  await sql`insert into sqlite_sequence (name, seq) values ('changes', ${last})`.execute(db);
}
