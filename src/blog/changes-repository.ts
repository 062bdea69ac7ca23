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

/** The change log for who follows it. */
export class ChangeLogRepository {
  readonly #database: DatabaseManager;

  constructor(database: DatabaseManager) {
    this.#database = database;
  }

  /** The next changes after a number, in order, at most a thousand. */
  async readSince(sequence: number): Promise<{ sequence: number; tags: string[] }[]> {
    const rows = await this.#database.reader
      .selectFrom('changes')
      .select(['sequence', 'tags'])
      .where('sequence', '>', sequence)
      .orderBy('sequence')
      .limit(1000)
      .execute();
    return rows.map((row) => ({ sequence: Number(row.sequence), tags: JSON.parse(row.tags) }));
  }

  /** The number of the last change; 0 when there is none. */
  async latest(): Promise<number> {
    const row = await this.#database.reader
      .selectFrom('changes')
      .select(({ fn }) => fn.max('sequence').as('latest'))
      .executeTakeFirst();
    return Number(row?.latest ?? 0);
  }
}
