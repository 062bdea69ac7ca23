/** Appends to the change log: always in the transaction that makes the change, so that neither is there without the other. */
import type { Transaction } from 'kysely';
import type { DatabaseManager } from '../database/manager.ts';
import type { Tables } from '../database/tables.ts';

export type ChangeKind = 'post.created' | 'post.updated' | 'post.published' | 'post.deleted';

export interface Change {
  kind: ChangeKind;
  subjectId: string;
  /** The cache tags of everything that was made from what changed, as it was before and as it is now. */
  tags: string[];
  at: string;
}

/** @returns the change's number in the log */
export async function appendChange(trx: Transaction<Tables>, change: Change): Promise<number> {
  const row = await trx
    .insertInto('changes')
    .values({
      kind: change.kind,
      subject_id: change.subjectId,
      tags: JSON.stringify(change.tags),
      created_at: change.at,
    })
    .returning('sequence')
    .executeTakeFirstOrThrow();
  return Number(row.sequence);
}

const pageSize = 1000;

/** The change log for who follows it. */
export class ChangeLogRepository {
  readonly #database: DatabaseManager;

  constructor(database: DatabaseManager) {
    this.#database = database;
  }

  /**
   * The next changes after a number, in order, about a thousand at most; none that is missing now appears among them later.
   *
   * Numbers are given out before transactions commit, so where one is missing, the transaction that has it may still be
   * running. It was running when a later number was seen; when all who wrote then have ended, what is missing stays away.
   */
  async readSince(sequence: number): Promise<{ sequence: number; tags: string[] }[]> {
    const rows = await this.#read(sequence);
    const gap = rows.findIndex((row, index) => row.sequence !== sequence + index + 1);
    const last = rows.at(-1);
    if (gap === -1 || last === undefined) return rows;
    if (await this.#database.writersEnd('changes')) return this.#read(sequence, last.sequence);
    return rows.slice(0, gap);
  }

  /**
   * The number of the last change; 0 when there is none. No lower one appears later.
   *
   * @throws Error when somebody has been writing for too long to tell
   */
  async latest(): Promise<number> {
    const row = await this.#database.reader
      .selectFrom('changes')
      .select(({ fn }) => fn.max('sequence').as('latest'))
      .executeTakeFirst();
    if (await this.#database.writersEnd('changes')) return Number(row?.latest ?? 0);
    throw new Error('a transaction has been writing to the change log for longer than a second');
  }

  /** Drops what was written before an instant (RFC 3339 UTC). @returns how many changes that were */
  async trim(before: string): Promise<number> {
    const { numDeletedRows } = await this.#database.transaction((trx) =>
      trx.deleteFrom('changes').where('created_at', '<', before).executeTakeFirst(),
    );
    return Number(numDeletedRows);
  }

  /** @param upTo reads all up to this number */
  async #read(sequence: number, upTo?: number): Promise<{ sequence: number; tags: string[] }[]> {
    const rows = await this.#database.reader
      .selectFrom('changes')
      .select(['sequence', 'tags'])
      .where('sequence', '>', sequence)
      .$if(upTo !== undefined, (query) => query.where('sequence', '<=', upTo ?? 0))
      .$if(upTo === undefined, (query) => query.limit(pageSize))
      .orderBy('sequence')
      .execute();
    return rows.map((row) => ({ sequence: Number(row.sequence), tags: JSON.parse(row.tags) }));
  }
}
