/** Rows of any table in any database: read in pages, written in batches, compared by a sum. */
import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { DatabaseManager } from '../database/manager.ts';
import type { Tables } from '../database/tables.ts';
import type { TablePlan } from './tables.ts';

export type Row = Record<string, unknown>;
export type Connection = Kysely<Tables>;

/** Posts have up to a few hundred kilobytes each; both databases take this many values in a statement. */
const rowsInPage = 200;

export interface Table extends TablePlan {
  columns: readonly string[];
}

/** Adds the columns that the database has. The number by which SQLite's search index knows a post is its own affair. */
export async function withColumns(database: DatabaseManager, plans: readonly TablePlan[]): Promise<Table[]> {
  const known = await database.reader.introspection.getTables();
  return plans.map((plan) => {
    const columns = known.find(({ name }) => name === plan.name)?.columns.map(({ name }) => name) ?? [];
    return { ...plan, columns: columns.filter((name) => name !== 'seq').sort() };
  });
}

/** All rows in the order of the key. */
export async function* readPages(db: Connection, { name, key, columns }: Table): AsyncIterable<Row[]> {
  const columnList = sql.join(columns.map((column) => sql.ref(column)));
  const keyList = sql.join(key.map((column) => sql.ref(column)));
  let last: Row | undefined;
  do {
    const after = last;
    const beyond = after
      ? sql`where (${keyList}) > (${sql.join(key.map((column) => after[column]))})`
      : sql``;
    const page = await sql<Row>`select ${columnList} from ${sql.table(name)} ${beyond}
      order by ${keyList} limit ${sql.lit(rowsInPage)}`.execute(db);
    last = page.rows.at(-1);
    if (last) yield page.rows;
  } while (last);
}

export async function insertRows(db: Connection, { name, columns }: Table, rows: Row[]): Promise<void> {
  const lines = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`);
  await sql`insert into ${sql.table(name)} (${sql.join(columns.map((column) => sql.ref(column)))})
    values ${sql.join(lines)}`.execute(db);
}

export async function countRows(db: Connection, name: string): Promise<number> {
  const { rows } = await sql<{ total: number }>`select count(*) as total from ${sql.table(name)}`.execute(db);
  return Number(rows[0]?.total ?? 0);
}

export async function hasRows(db: Connection, { name }: TablePlan): Promise<boolean> {
  const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(db);
  return rows.length > 0;
}

export async function deleteRows(db: Connection, name: string): Promise<void> {
  await sql`delete from ${sql.table(name)}`.execute(db);
}

/** How many rows there are and what is in them, in whichever order they come: databases sort text differently. */
export class Checksum {
  count = 0;
  #sum = 0n;

  add(row: Row): void {
    const values = Object.keys(row)
      .sort()
      .map((column) => [column, row[column]]);
    const digest = createHash('sha256').update(JSON.stringify(values)).digest();
    this.#sum = (this.#sum + digest.readBigUInt64LE()) & 0xffff_ffff_ffff_ffffn;
    this.count += 1;
  }

  equals(other: Checksum): boolean {
    return this.count === other.count && this.#sum === other.#sum;
  }
}
