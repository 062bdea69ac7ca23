/** Kysely on a pool of PostgreSQL connections, with errors of this program and limits on every transaction. */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { commitUnknown, isConnectionLost, translateStatementError } from './failures.ts';
import { beginStatement } from './pool.ts';

class UnlockedPostgresAdapter extends PostgresAdapter {
  /** Kysely's lock belongs to a session, which a pooler may take away; see withMigrationLock. */
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}

export class PooledPostgresDialect implements Dialect {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  createDriver = (): Driver => new PooledDriver(this.#pool);
  createQueryCompiler = (): PostgresQueryCompiler => new PostgresQueryCompiler();
  createAdapter = (): PostgresAdapter => new UnlockedPostgresAdapter();
  createIntrospector = (database: Kysely<unknown>): PostgresIntrospector =>
    new PostgresIntrospector(database);
}

class PooledDriver implements Driver {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PooledConnection> {
    try {
      return new PooledConnection(await this.#pool.connect());
    } catch (error) {
      throw translateStatementError(error);
    }
  }

  async beginTransaction(connection: PooledConnection): Promise<void> {
    await connection.run(beginStatement);
  }

  async commitTransaction(connection: PooledConnection): Promise<void> {
    let command: string | undefined;
    try {
      command = await connection.run('commit');
    } catch (error) {
      throw connection.isBroken ? commitUnknown(error) : error;
    }
    // How the server commits a transaction in which a statement failed.
    if (command === 'ROLLBACK')
      throw new Error('the transaction was rolled back: a statement in it had failed');
  }

  async rollbackTransaction(connection: PooledConnection): Promise<void> {
    if (!connection.isBroken) await connection.run('rollback');
  }

  async releaseConnection(connection: PooledConnection): Promise<void> {
    connection.release();
  }

  async destroy(): Promise<void> {
    await this.#pool.end();
  }
}

class PooledConnection implements DatabaseConnection {
  readonly #client: PoolClient;
  /** Its state is unknown, so nobody else may get it. */
  isBroken = false;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, rowCount } = await this.#query(sql, parameters);
    return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
  }

  /** @returns the command that the server ran, such as COMMIT */
  async run(statement: string): Promise<string | undefined> {
    const { command } = await this.#query(statement, []);
    return command;
  }

  release(): void {
    this.#client.release(this.isBroken);
  }

  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('long results are read in pages');
  }

  async #query(sql: string, parameters: readonly unknown[]) {
    try {
      return await this.#client.query(sql, [...parameters]);
    } catch (error) {
      this.isBroken ||= isConnectionLost(error);
      throw translateStatementError(error);
    }
  }
}
