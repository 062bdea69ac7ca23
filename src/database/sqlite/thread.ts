/** The main thread's side of a SQLite thread: statements in, promises out. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { SqliteError, ThreadEnded, translateFailure } from './failures.ts';
import type { OpenResponse, StatementResponse, StatementResult, ThreadOptions, Value } from './protocol.ts';

/**
 * Rows live only until they are sent; left alone, each thread would keep tens of MB for new ones. A result that takes
 * more than the old generation ends its thread, and not the program.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 384 };

interface Waiter {
  sql: string;
  resolve(result: StatementResult): void;
  reject(error: Error): void;
}

export class SqliteThread {
  readonly #worker: Worker;
  readonly #waiters = new Map<number, Waiter>();
  #lastId = 0;
  #dead: Error | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (response: StatementResponse) => this.#settle(response));
    worker.on('error', (cause: Error) => this.#die(new ThreadEnded({ cause })));
    worker.on('exit', () => this.#die(new ThreadEnded()));
  }

  /** @throws OperatorError when the file can't be opened or is not a SQLite database. */
  static async open(options: ThreadOptions): Promise<SqliteThread> {
    const isSource = import.meta.url.endsWith('.ts');
    const worker = new Worker(new URL(isSource ? './worker.ts' : './worker.js', import.meta.url), {
      workerData: options,
      resourceLimits,
    });
    const [response]: [OpenResponse] = await once(worker, 'message').then(([first]) => [first]);
    if (!response.opened) {
      await worker.terminate();
      throw translateFailure(response.failure, options.path);
    }
    return new SqliteThread(worker);
  }

  get isDead(): boolean {
    return this.#dead !== undefined;
  }

  /** How many statements wait for an answer; readers are chosen by it. */
  get pending(): number {
    return this.#waiters.size;
  }

  execute(sql: string, parameters: readonly Value[] = []): Promise<StatementResult> {
    if (this.#dead) return Promise.reject(this.#dead);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiters.set(id, { sql, resolve, reject });
      this.#worker.postMessage({ id, sql, parameters });
    });
  }

  async close(): Promise<void> {
    if (this.#dead) return;
    const ended = once(this.#worker, 'exit');
    this.#worker.postMessage('close');
    await ended;
  }

  #settle(response: StatementResponse): void {
    const waiter = this.#waiters.get(response.id);
    if (!waiter) return;
    this.#waiters.delete(response.id);
    if ('result' in response) waiter.resolve(response.result);
    else {
      const { message, resultCode, isInTransaction } = response.failure;
      waiter.reject(new SqliteError(message, resultCode, isInTransaction, waiter.sql));
    }
  }

  #die(error: Error): void {
    this.#dead ??= error;
    for (const waiter of this.#waiters.values()) waiter.reject(this.#dead);
    this.#waiters.clear();
  }
}
