/** Kysely on SQLite threads: a dialect for reading and one for writing. */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { translateStatementError } from './failures.ts';
import { GroupCommit, type Turn } from './group-commit.ts';
import type { StatementResult, Value } from './protocol.ts';
import type { ReaderPool } from './reader-pool.ts';
import type { SqliteThread } from './thread.ts';

class TransactionalSqliteAdapter extends SqliteAdapter {
  /** Else Kysely lets one transaction in at a time, up to the end of its commit, and none could share it. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }

  /** SQLite can roll back a change of the schema, so a migration applies whole or not at all. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class ThreadDialect implements Dialect {
  readonly #driver: Driver;

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  createDriver = (): Driver => this.#driver;
  createQueryCompiler = (): SqliteQueryCompiler => new SqliteQueryCompiler();
  createAdapter = (): SqliteAdapter => new TransactionalSqliteAdapter();
  createIntrospector = (database: Kysely<unknown>): SqliteIntrospector => new SqliteIntrospector(database);
}

/** Reads: each statement goes to the thread with the shortest queue and sees what was committed by then. */
export function readerDialect(pool: ReaderPool): Dialect {
  const connection = new ThreadConnection((sql, parameters) => pool.execute(sql, parameters));
  return new ThreadDialect({
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: () =>
      Promise.reject(new Error('readers run single statements; write through transaction()')),
    commitTransaction: async () => {},
    rollbackTransaction: async () => {},
    releaseConnection: async () => {},
    destroy: () => pool.close(),
  });
}

/** Writes: one connection, taken in turn; commits are shared (see GroupCommit). */
export function writerDialect(thread: SqliteThread): Dialect {
  const group = new GroupCommit(thread);
  const turns = new WeakMap<DatabaseConnection, Turn>();
  const turnOf = (connection: DatabaseConnection): Turn => {
    const turn = turns.get(connection);
    if (!turn) throw new Error('this connection was not acquired here');
    return turn;
  };
  return new ThreadDialect({
    init: async () => {},
    acquireConnection: async () => {
      const turn = await group.acquire();
      const connection = new ThreadConnection((sql, parameters) => group.execute(turn, sql, parameters));
      turns.set(connection, turn);
      return connection;
    },
    beginTransaction: (connection) => translated(group.begin(turnOf(connection))),
    commitTransaction: (connection) => translated(group.commit(turnOf(connection))),
    rollbackTransaction: (connection) => translated(group.rollback(turnOf(connection))),
    releaseConnection: (connection) => group.release(turnOf(connection)),
    destroy: () => thread.close(),
  });
}

type Execute = (sql: string, parameters: readonly Value[]) => Promise<StatementResult>;

class ThreadConnection implements DatabaseConnection {
  readonly #execute: Execute;

  constructor(execute: Execute) {
    this.#execute = execute;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const result = await translated(this.#execute(query.sql, query.parameters.map(toValue)));
    return {
      rows: result.rows.map(asRow<Row>),
      numAffectedRows: BigInt(result.changes),
    };
  }

  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('long results are read in pages');
  }
}

/** Kysely states the row's type from the query that it built; this is where the two meet. */
function asRow<Row>(row: Record<string, Value>): Row;
function asRow(row: Record<string, Value>): unknown {
  return row;
}

function toValue(parameter: unknown): Value {
  if (parameter === null || parameter === undefined) return null;
  if (typeof parameter === 'string' || typeof parameter === 'number' || typeof parameter === 'bigint')
    return parameter;
  if (typeof parameter === 'boolean') return parameter ? 1 : 0;
  if (parameter instanceof Uint8Array) return parameter;
  throw new TypeError(`SQLite has no type for a parameter of type ${typeof parameter}`);
}

async function translated<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw translateStatementError(error);
  }
}
