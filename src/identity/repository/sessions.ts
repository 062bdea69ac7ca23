/** Sessions of the admin page in the database, by the hash of the session id. */
import type { DatabaseManager } from '../../database/manager.ts';
import type { User } from '../user.ts';

export interface StoredSession {
  createdAt: string;
  expiresAt: string;
  user: User;
}

export class SessionRepository {
  readonly #database: DatabaseManager;

  constructor(database: DatabaseManager) {
    this.#database = database;
  }

  /** Adds a session and clears out those that are over. */
  async insert(hash: string, userId: string, now: string, expiresAt: string): Promise<void> {
    await this.#database.transaction(async (trx) => {
      await trx.deleteFrom('sessions').where('expires_at', '<=', now).execute();
      await trx
        .insertInto('sessions')
        .values({ hash, user_id: userId, created_at: now, expires_at: expiresAt })
        .execute();
    });
  }

  async find(hash: string): Promise<StoredSession | undefined> {
    const row = await this.#database.reader
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.user_id')
      .leftJoin('authors', 'authors.id', 'users.author_id')
      .select([
        'sessions.created_at as createdAt',
        'sessions.expires_at as expiresAt',
        'users.id',
        'users.email',
        'users.name',
        'users.role',
        'users.created_at as userCreatedAt',
        'authors.slug as authorSlug',
      ])
      .where('sessions.hash', '=', hash)
      .executeTakeFirst();
    if (!row) return undefined;
    const { createdAt, expiresAt, userCreatedAt, ...user } = row;
    return { createdAt, expiresAt, user: { ...user, createdAt: userCreatedAt } };
  }

  async extend(hash: string, expiresAt: string): Promise<void> {
    await this.#database.transaction((trx) =>
      trx.updateTable('sessions').set({ expires_at: expiresAt }).where('hash', '=', hash).execute(),
    );
  }

  async removeExpired(now: string): Promise<void> {
    await this.#database.transaction((trx) =>
      trx.deleteFrom('sessions').where('expires_at', '<=', now).execute(),
    );
  }

  async remove(hash: string): Promise<void> {
    await this.#database.transaction((trx) => trx.deleteFrom('sessions').where('hash', '=', hash).execute());
  }
}
