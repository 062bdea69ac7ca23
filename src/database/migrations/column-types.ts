/** Where the two databases differ in a table's definition. Migrations are written once and ask here. */
import type { ColumnDataType, ColumnDefinitionBuilder, CreateTableBuilder, Kysely } from 'kysely';

export interface ColumnTypes {
  /** A UUID. */
  id: ColumnDataType;
  /** A point in time, which the program reads and writes as RFC 3339 text. */
  instant: ColumnDataType;
  /** A number that counts up with each row. */
  sequence: { type: ColumnDataType; build(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder };
  /** Adds the integer key by which the search index knows a post, where the database needs one. */
  addRowNumber<Name extends string>(
    table: CreateTableBuilder<Name, string>,
  ): CreateTableBuilder<Name, string>;
  postKey(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder;
  createSearchIndex(db: Kysely<unknown>): Promise<void>;
}
