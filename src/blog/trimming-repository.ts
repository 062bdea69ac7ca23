/** Removes what nobody needs any more, a little at a time, so that writers don't wait long. */
import type { Transaction } from 'kysely';
import type { DatabaseManager } from '../database/manager.ts';
import type { Tables } from '../database/tables.ts';

const batchSize = 1000;

export class TrimmingRepository {
  readonly #database: DatabaseManager;

  constructor(database: DatabaseManager) {
    this.#database = database;
  }

  /**
   * Removes the changes from before an instant, but never the last one: its number is where the log stands.
   *
   * @param before RFC 3339 UTC
   * @returns how many were removed
   */
  async changes(before: string, signal: AbortSignal): Promise<number> {
    let removed = 0;
    for (;;) {
      signal.throwIfAborted();
      const batch = await this.#database.transaction((trx) => removeChanges(trx, before));
      removed += batch;
      if (batch < batchSize) return removed;
    }
  }

  /** Forgets the answers of idempotent requests from before an instant. @returns how many */
  async answers(before: string, signal: AbortSignal): Promise<number> {
    let removed = 0;
    for (;;) {
      signal.throwIfAborted();
      const { numDeletedRows } = await this.#database.transaction((trx) =>
        trx
          .deleteFrom('idempotency_keys')
          .where('key', 'in', (query) =>
            query
              .selectFrom('idempotency_keys')
              .select('key')
              .where('created_at', '<', before)
              .limit(batchSize),
          )
          .executeTakeFirst(),
      );
      removed += Number(numDeletedRows);
      if (numDeletedRows < batchSize) return removed;
    }
  }

  /** Removes all but the newest versions of each post. @returns of how many posts */
  async revisions(kept: number, signal: AbortSignal): Promise<number> {
    let after = '';
    let trimmed = 0;
    for (;;) {
      signal.throwIfAborted();
      const posts = await this.#database.reader
        .selectFrom('posts')
        .select(['id', 'version'])
        .$if(after !== '', (query) => query.where('id', '>', after))
        .orderBy('id')
        .limit(batchSize)
        .execute();
      for (const { id, version } of posts) {
        if (version > kept && (await this.#trimRevisions(id, version - kept))) trimmed += 1;
      }
      const last = posts.at(-1);
      if (last === undefined) return trimmed;
      after = last.id;
    }
  }

  /** Looks first, since most were trimmed before and a write would wait for its turn. */
  async #trimRevisions(postId: string, upTo: number): Promise<boolean> {
    const isOld = this.#database.reader
      .selectFrom('revisions')
      .select('version')
      .where('post_id', '=', postId)
      .where('version', '<=', upTo)
      .limit(1);
    if ((await isOld.executeTakeFirst()) === undefined) return false;
    await this.#database.transaction((trx) =>
      trx.deleteFrom('revisions').where('post_id', '=', postId).where('version', '<=', upTo).execute(),
    );
    return true;
  }
}

/** The first batch in the order of the log and not by age, which no index knows: what is old is at its beginning. */
async function removeChanges(trx: Transaction<Tables>, before: string): Promise<number> {
  const rows = await trx
    .selectFrom('changes')
    .select(['sequence', 'created_at'])
    .orderBy('sequence')
    .limit(batchSize + 1)
    .execute();
  const last = rows.slice(0, -1).findLast((row) => row.created_at < before);
  if (last === undefined) return 0;
  const { numDeletedRows } = await trx
    .deleteFrom('changes')
    .where('sequence', '<=', last.sequence)
    .where('created_at', '<', before)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
