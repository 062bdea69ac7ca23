import { sql } from 'kysely';
import type { ColumnTypes } from '../migrations/column-types.ts';

export const sqliteColumnTypes: ColumnTypes = {
  id: 'text',
  instant: 'text',
  sequence: { type: 'integer', build: (column) => column.primaryKey().autoIncrement() },
  // A rowid may change in a VACUUM unless it has a name.
  addRowNumber: (table) => table.addColumn('seq', 'integer', (column) => column.primaryKey().autoIncrement()),
  postKey: (column) => column.unique(),
  async createSearchIndex(db) {
    await sql`create virtual table post_search using fts5 (title, tags, body,
      content = '', contentless_delete = 1, tokenize = 'porter unicode61 remove_diacritics 2')`.execute(db);
  },
};
