/**
 * The threads that read. One is there from the start; others are added when queries queue up, so that an idle blog
 * holds no memory for threads that it doesn't need. One that has died is replaced.
 */
import { ThreadEnded } from './failures.ts';
import type { StatementResult, Value } from './protocol.ts';
import { SqliteThread } from './thread.ts';

/** Waiting statements of the least busy thread at which another one pays. One page asks for two or three at a time. */
const busyAt = 4;

export class ReaderPool {
  readonly #path: string;
  readonly #largest: number;
  #threads: SqliteThread[] = [];
  #growing: Promise<void> | undefined;
  #isClosed = false;

  private constructor(path: string, largest: number) {
    this.#path = path;
    this.#largest = largest;
  }

  /** @throws OperatorError as SqliteThread.open */
  static async open(path: string, largest: number): Promise<ReaderPool> {
    const pool = new ReaderPool(path, largest);
    pool.#threads.push(await SqliteThread.open({ path, readOnly: true }));
    return pool;
  }

  async execute(sql: string, parameters: readonly Value[]): Promise<StatementResult> {
    const thread = this.#shortestQueue();
    if (!thread || thread.pending >= busyAt) this.#grow();
    if (thread) return thread.execute(sql, parameters);
    await this.#growing;
    const added = this.#shortestQueue();
    if (!added) throw new ThreadEnded();
    return added.execute(sql, parameters);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#growing;
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  #shortestQueue(): SqliteThread | undefined {
    let chosen: SqliteThread | undefined;
    for (const thread of this.#threads) {
      if (!thread.isDead && (!chosen || thread.pending < chosen.pending)) chosen = thread;
    }
    return chosen;
  }

  #grow(): void {
    if (this.#growing || this.#isClosed) return;
    this.#threads = this.#threads.filter((thread) => !thread.isDead);
    if (this.#threads.length >= this.#largest) return;
    this.#growing = SqliteThread.open({ path: this.#path, readOnly: true })
      .then(
        (thread) => {
          this.#threads.push(thread);
        },
        // The others go on; who found none is told.
        () => {},
      )
      .finally(() => {
        this.#growing = undefined;
      });
  }
}
