/** The queue of background tasks. Only adds, so that the release before goes on serving. */
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

export function jobs({ id }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('jobs')
        .addColumn('id', id, (column) => column.primaryKey())
        .addColumn('task', 'text', (column) => column.notNull())
        .addColumn('key', 'text', (column) => column.unique())
        .addColumn('payload', 'text', (column) => column.notNull())
        .addColumn('due_at', 'bigint', (column) => column.notNull())
        .addColumn('revision', 'integer', (column) => column.notNull())
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('last_error', 'text')
        .addColumn('lease_id', 'text')
        .addColumn('lease_until', 'bigint')
        .addColumn('dead_at', 'bigint')
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .execute();
      // What was given up may pile up and is never looked for.
      await sql`create index jobs_due on jobs (due_at) where dead_at is null`.execute(db);
    },
  };
}
