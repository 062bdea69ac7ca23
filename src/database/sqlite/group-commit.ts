/**
 * Group commit on one connection: transactions run one after the other, each in a savepoint, and those that
 * wait in the queue share one COMMIT, so that its fsync is paid once for all of them
 * (docs/decisions/group-commit.md).
 *
 * A transaction that fails is rolled back to its own savepoint; the others stay. Nobody is told how a transaction
 * ended before the shared COMMIT has returned: neither that it is committed, nor that it failed because of
 * something that another one of the group wrote.
 */
import { SqliteError } from './failures.ts';
import type { StatementResult, Value } from './protocol.ts';
import type { SqliteThread } from './thread.ts';

/** Bounds how long the first of a group waits for the last. */
const maxGroupSize = 64;

/** The transactions that share a BEGIN and a COMMIT. */
interface Group {
  size: number;
  /** Settles when the shared COMMIT is on disk, or with what kept it from there. */
  readonly ended: PromiseWithResolvers<void>;
}

/** One holder's time on the connection, from acquire to release. */
export interface Turn {
  /** True once the holder has passed the connection on, while it still waits for the shared commit. */
  isPassedOn: boolean;
  /** Set when SQLite dropped the transaction under the holder. */
  failure?: unknown;
}

export class GroupCommit {
  readonly #thread: SqliteThread;
  readonly #queue: (() => void)[] = [];
  #isTaken = false;
  #group: Group | undefined;

  constructor(thread: SqliteThread) {
    this.#thread = thread;
  }

  async acquire(): Promise<Turn> {
    if (this.#isTaken) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#isTaken = true;
    return { isPassedOn: false };
  }

  async begin(turn: Turn): Promise<void> {
    if (!this.#group) {
      await this.#beginAnew();
      this.#group = { size: 0, ended: Promise.withResolvers() };
      // Who waits for it handles the failure; it is no other's.
      this.#group.ended.promise.catch(() => {});
    }
    await this.execute(turn, 'savepoint member');
  }

  async #beginAnew(): Promise<void> {
    try {
      await this.#thread.execute('begin immediate');
    } catch (error) {
      // Whatever is open then would keep everybody after it from beginning.
      if (isStillOpen(error)) await this.#thread.execute('rollback').catch(() => {});
      throw error;
    }
  }

  async execute(turn: Turn, sql: string, parameters: readonly Value[] = []): Promise<StatementResult> {
    // Outside of the transaction that is gone, a statement would be committed on its own.
    if (turn.failure !== undefined) throw turn.failure;
    try {
      return await this.#thread.execute(sql, parameters);
    } catch (error) {
      if (this.#group && !isStillOpen(error)) {
        turn.failure = error;
        this.#endGroup(error);
      }
      throw error;
    }
  }

  /** Resolves when the shared commit is on disk; rejects when it failed, and then nothing of it is. */
  async commit(turn: Turn): Promise<void> {
    await this.execute(turn, 'release member');
    const group = this.#group;
    if (!group) throw new Error('a transaction is committed that was not begun');
    group.size += 1;
    turn.isPassedOn = true;
    await this.#commitOrPassOn(group);
    await group.ended.promise;
  }

  async rollback(turn: Turn): Promise<void> {
    // When the shared commit failed, the connection is somebody else's by now, and nothing is left to undo.
    if (turn.isPassedOn || !this.#group) return;
    try {
      await this.execute(turn, 'rollback to member');
      await this.execute(turn, 'release member');
    } catch (error) {
      // What can't be undone alone is undone with all the others.
      if (this.#group) await this.#abandon(error);
      throw error;
    }
  }

  /** The end of every turn. After a failed one, what others of its group did still has to be committed. */
  async release(turn: Turn): Promise<void> {
    if (turn.isPassedOn) return;
    turn.isPassedOn = true;
    const group = this.#group;
    if (!group) return this.#passOn();
    await this.#commitOrPassOn(group);
    await group.ended.promise.catch(() => {});
  }

  /** The last in the queue commits for all. */
  async #commitOrPassOn(group: Group): Promise<void> {
    if (group.size < maxGroupSize && this.#queue.length > 0) return this.#passOn();
    try {
      await this.#thread.execute('commit');
      this.#endGroup();
    } catch (error) {
      await this.#abandon(error);
    } finally {
      this.#passOn();
    }
  }

  async #abandon(error: unknown): Promise<void> {
    if (isStillOpen(error)) await this.#thread.execute('rollback').catch(() => {});
    this.#endGroup(error);
  }

  #endGroup(error?: unknown): void {
    const group = this.#group;
    this.#group = undefined;
    if (error === undefined) group?.ended.resolve();
    else group?.ended.reject(error);
  }

  #passOn(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#isTaken = false;
  }
}

/** SQLite drops the whole transaction on its own when the disk is full or fails; it is gone with its thread, too. */
function isStillOpen(error: unknown): boolean {
  return error instanceof SqliteError && error.isInTransaction;
}
