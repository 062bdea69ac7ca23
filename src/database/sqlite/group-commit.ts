/**
 * Group commit on one connection: transactions run one after the other, each in a savepoint, and those that
 * wait in the queue share one COMMIT, so that its fsync is paid once for all of them.
 *
 * A transaction that fails is rolled back to its own savepoint; the others stay. Nobody is told that a
 * transaction is committed before the shared COMMIT has returned.
 */
import { SqliteError } from './failures.ts';
import type { SqliteThread } from './thread.ts';

/** Bounds how long the first of a group waits for the last. */
const maxGroupSize = 64;

interface Member {
  resolve(): void;
  reject(error: unknown): void;
}

/** One holder's time on the connection, from acquire to release. */
export interface Turn {
  /** True once the holder has passed the connection on, while it still waits for the shared commit. */
  isPassedOn: boolean;
}

export class GroupCommit {
  readonly #thread: SqliteThread;
  readonly #queue: (() => void)[] = [];
  #isTaken = false;
  #isOpen = false;
  #members: Member[] = [];

  constructor(thread: SqliteThread) {
    this.#thread = thread;
  }

  async acquire(): Promise<Turn> {
    if (this.#isTaken) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#isTaken = true;
    return { isPassedOn: false };
  }

  async begin(): Promise<void> {
    if (!this.#isOpen) {
      await this.#thread.execute('begin immediate');
      this.#isOpen = true;
    }
    await this.#thread.execute('savepoint member');
  }

  /** Resolves when the shared commit is on disk; rejects when it failed, and then nothing of it is. */
  async commit(turn: Turn): Promise<void> {
    await this.#endMember('release member');
    const committed = new Promise<void>((resolve, reject) => this.#members.push({ resolve, reject }));
    turn.isPassedOn = true;
    if (this.#isFull || this.#queue.length === 0) await this.#commitGroup();
    else this.#passOn();
    await committed;
  }

  async rollback(): Promise<void> {
    await this.#endMember('rollback to member');
    if (this.#isOpen) await this.#endMember('release member');
  }

  /** The end of every turn. After a failed one, what others of its group did still has to be committed. */
  async release(turn: Turn): Promise<void> {
    if (turn.isPassedOn) return;
    turn.isPassedOn = true;
    if (this.#isOpen && (this.#isFull || this.#queue.length === 0)) await this.#commitGroup();
    else this.#passOn();
  }

  get #isFull(): boolean {
    return this.#members.length >= maxGroupSize;
  }

  async #commitGroup(): Promise<void> {
    const members = this.#members;
    this.#members = [];
    this.#isOpen = false;
    try {
      await this.#thread.execute('commit');
      for (const member of members) member.resolve();
    } catch (error) {
      if (error instanceof SqliteError && error.isInTransaction) await this.#thread.execute('rollback');
      for (const member of members) member.reject(error);
    } finally {
      this.#passOn();
    }
  }

  /** When SQLite has dropped the whole transaction on its own (disk full), all members have failed. */
  async #endMember(sql: string): Promise<void> {
    try {
      await this.#thread.execute(sql);
    } catch (error) {
      if (!(error instanceof SqliteError) || error.isInTransaction) throw error;
      this.#isOpen = false;
      for (const member of this.#members.splice(0)) member.reject(error);
      if (sql === 'release member') throw error;
    }
  }

  #passOn(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#isTaken = false;
  }
}
