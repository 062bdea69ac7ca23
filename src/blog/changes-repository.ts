/** Appends to the change log: always in the transaction that makes the change, so that neither is there without the other. */
import type { Transaction } from 'kysely';
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
