import { sql } from 'kysely';
import type { ColumnTypes } from '../migrations/column-types.ts';

export const postgresColumnTypes: ColumnTypes = {
  id: 'uuid',
  instant: 'timestamptz',
  // By default, not always: a copy from another database keeps its numbers.
  sequence: { type: 'bigint', build: (column) => column.generatedByDefaultAsIdentity().primaryKey() },
  // The search index knows a post by its id.
  addRowNumber: (table) => table,
  postKey: (column) => column.primaryKey(),
  async createSearchIndex(db) {
    // Stems English words like SQLite's porter, but drops no stop words: "The Who" is to be found.
    await sql`create text search dictionary broadsheet_stem (template = snowball, language = english)`.execute(
      db,
    );
    await sql`create text search configuration broadsheet (copy = simple)`.execute(db);
    await sql`alter text search configuration broadsheet
      alter mapping for asciiword, word, numword with broadsheet_stem`.execute(db);
    await sql`create table post_search (
      post_id uuid primary key references posts (id) on delete cascade,
      words tsvector not null)`.execute(db);
    await sql`create index post_search_words on post_search using gin (words)`.execute(db);
  },
};
