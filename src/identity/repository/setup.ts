/** The one-time set-up link: its hash in the settings table, while the blog has no user. */
import type { DatabaseManager } from '../../database/manager.ts';
import { BroadsheetError } from '../../errors.ts';
import { emailTaken, hasUsers, insertUser, type NewUser, queueUserChange } from './users.ts';

const KEY = 'setup_token_hash';

export class SetupRepository {
  readonly #database: DatabaseManager;

  constructor(database: DatabaseManager) {
    this.#database = database;
  }

  /** Replaces the link. @returns false, with no link left, when there is a user */
  begin(hash: string, now: string): Promise<boolean> {
    return this.#database.transaction(async (trx) => {
      await queueUserChange(this.#database, trx);
      await trx.deleteFrom('settings').where('key', '=', KEY).execute();
      if (await hasUsers(trx)) return false;
      await trx.insertInto('settings').values({ key: KEY, value: hash, updated_at: now }).execute();
      return true;
    });
  }

  async isValid(hash: string): Promise<boolean> {
    const { reader } = this.#database;
    const row = await reader
      .selectFrom('settings')
      .select('key')
      .where('key', '=', KEY)
      .where('value', '=', hash)
      .executeTakeFirst();
    return row !== undefined && !(await hasUsers(reader));
  }

  /** Uses the link up. @throws BroadsheetError `forbidden` when it is not the current one, or there is a user */
  complete(hash: string, owner: NewUser): Promise<string> {
    return emailTaken(() =>
      this.#database.transaction(async (trx) => {
        await queueUserChange(this.#database, trx);
        const used = await trx
          .deleteFrom('settings')
          .where('key', '=', KEY)
          .where('value', '=', hash)
          .executeTakeFirst();
        if (used.numDeletedRows !== 1n || (await hasUsers(trx))) {
          throw new BroadsheetError(
            'forbidden',
            'This set-up link is not valid. While the blog has no user, each start prints a new one.',
          );
        }
        return insertUser(trx, owner);
      }),
    );
  }
}
