/** The database as repositories see it, whichever it is. */
import type { Kysely, Transaction } from 'kysely';
import type { MigrationStatus } from './migrator.ts';
import type { SearchIndex } from './search.ts';
import type { Tables } from './tables.ts';

export interface DatabaseManager {
  readonly kind: 'sqlite' | 'postgres';
  /** For queries outside a transaction. Each statement sees what was committed when it began. */
  readonly reader: Kysely<Tables>;
  readonly search: SearchIndex;
  /** How many rows a maintained total is spread over, so that concurrent writers don't queue on one. */
  readonly totalShards: number;
  /**
   * Runs `work` in one write transaction: committed and durable when the promise resolves, rolled back when it rejects.
   * Keep slow work out of it: on SQLite, writers wait for each other. On PostgreSQL they don't, so `work` locks the
   * rows that it decides by; there it is run again when it loses against another transaction.
   *
   * @throws UniqueViolation, BroadsheetError (`storage_full`, `database_unavailable`)
   */
  transaction<T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T>;
  /** Lets transactions that give the same name go on one after the other, each when the one before has ended. */
  queue(trx: Transaction<Tables>, name: string): Promise<void>;
  /**
   * Waits until every transaction that had begun to write to the table has ended, so that what they committed is visible.
   *
   * @returns false when that takes too long
   */
  writersEnd(table: keyof Tables): Promise<boolean>;
  /** @returns the names of the migrations that were applied. */
  migrate(): Promise<string[]>;
  migrationStatus(): Promise<MigrationStatus[]>;
  /** Name and version of what answers, such as `PostgreSQL 18.4`. */
  version(): Promise<string>;
  /** A round trip to the database. @returns milliseconds */
  ping(): Promise<number>;
  close(): Promise<void>;
}
