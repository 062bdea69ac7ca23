/**
 * A thread that owns one SQLite connection. `node:sqlite` is synchronous: here a slow query or the fsync of a
 * commit delays nobody's HTTP request (docs/decisions/sqlite-on-threads.md).
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type {
  OpenResponse,
  SqliteFailure,
  StatementRequest,
  StatementResponse,
  StatementResult,
  ThreadOptions,
} from './protocol.ts';

const preparedLimit = 256;

function open(options: ThreadOptions): DatabaseSync {
  const database = new DatabaseSync(options.path, {
    readOnly: options.readOnly,
    timeout: 5000,
    enableForeignKeyConstraints: true,
  });
  if (!options.readOnly) {
    // FULL: a commit that was acknowledged survives power loss, not only the death of the process.
    database.exec(
      'pragma journal_mode = wal; pragma synchronous = full; pragma journal_size_limit = 67108864',
    );
  }
  database.exec('pragma temp_store = memory; pragma cache_size = -16384');
  // Fails here, and not in the first request, when the file is something else.
  database.prepare('select count(*) from sqlite_schema').get();
  // The same for a file that may be read but not written.
  if (!options.readOnly) database.exec('begin immediate; pragma user_version = 1; rollback');
  return database;
}

/** Prepared statements by their text, the least recently used one dropped first. */
class PreparedStatements {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  get(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) this.#statements.delete(sql);
    const statement = known ?? this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    if (this.#statements.size > preparedLimit) {
      const [oldest] = this.#statements.keys();
      if (oldest !== undefined) this.#statements.delete(oldest);
    }
    return statement;
  }
}

function run(statement: StatementSync, parameters: StatementRequest['parameters']): StatementResult {
  if (statement.columns().length > 0) {
    const rows: StatementResult['rows'] = [];
    // Not all(): only between two steps of JavaScript can a thread be ended that runs out of memory.
    for (const row of statement.iterate(...parameters)) rows.push(row);
    return { rows, changes: 0 };
  }
  // The last rowid comes with the changes, asked for or not. That of a page of the search index is beyond 2^53, for
  // which run() throws after the statement has been executed, unless numbers are BigInts.
  statement.setReadBigInts(true);
  return { rows: [], changes: Number(statement.run(...parameters).changes) };
}

function failureOf(error: unknown, isInTransaction: boolean): SqliteFailure {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;
  return { message, resultCode: code, isInTransaction };
}

function serve(options: ThreadOptions): void {
  const port = parentPort;
  if (!port) throw new Error('this module runs as a worker thread');
  let database: DatabaseSync;
  try {
    database = open(options);
  } catch (error) {
    port.postMessage({ opened: false, failure: failureOf(error, false) } satisfies OpenResponse);
    return;
  }
  const prepared = new PreparedStatements(database);
  port.on('message', (request: StatementRequest | 'close') => {
    if (request === 'close') {
      database.close();
      port.close();
      return;
    }
    port.postMessage(answer(request));
  });
  port.postMessage({ opened: true } satisfies OpenResponse);

  function answer(request: StatementRequest): StatementResponse {
    try {
      return { id: request.id, result: run(prepared.get(request.sql), request.parameters) };
    } catch (error) {
      return { id: request.id, failure: failureOf(error, database.isTransaction) };
    }
  }
}

serve(workerData);
