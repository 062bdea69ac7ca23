/** The database's clock, the one that all nodes share. */
import { type RawBuilder, sql } from 'kysely';
import type { DatabaseManager } from './manager.ts';

/** SQL for the time at which the statement began, as milliseconds since the epoch. */
export function databaseTime(kind: DatabaseManager['kind']): RawBuilder<number> {
  return kind === 'sqlite'
    ? sql<number>`cast(round(unixepoch('now', 'subsec') * 1000) as integer)`
    : sql<number>`(extract(epoch from statement_timestamp()) * 1000)::bigint`;
}
