/** API tokens in the database, by the hash of the token. */
import type { DatabaseManager } from '../../database/manager.ts';
import { isId } from '../../validation/id.ts';
import { type Scope, scopes } from '../principal.ts';
import type { Role } from '../roles.ts';
import { lowerRole, type TokenInfo } from '../user.ts';

export interface NewToken {
  id: string;
  name: string;
  hash: string;
  role: Role;
  scopes: Scope[];
  userId: string | null;
  expiresAt: string | null;
  now: string;
}

export interface StoredToken extends TokenInfo {
  userId: string | null;
  authorSlug: string | null;
}

export class TokenRepository {
  readonly #database: DatabaseManager;

  constructor(database: DatabaseManager) {
    this.#database = database;
  }

  async insert(token: NewToken): Promise<void> {
    await this.#database.transaction((trx) =>
      trx
        .insertInto('tokens')
        .values({
          id: token.id,
          name: token.name,
          hash: token.hash,
          role: token.role,
          scopes: JSON.stringify(token.scopes),
          user_id: token.userId,
          expires_at: token.expiresAt,
          created_at: token.now,
          last_used_at: null,
        })
        .execute(),
    );
  }

  async findByHash(hash: string): Promise<StoredToken | undefined> {
    const row = await this.#select().where('tokens.hash', '=', hash).executeTakeFirst();
    return row && present(row);
  }

  async findById(id: string): Promise<StoredToken | undefined> {
    if (!isId(id)) return undefined;
    const row = await this.#select().where('tokens.id', '=', id).executeTakeFirst();
    return row && present(row);
  }

  /** @param userId whose tokens; null for all */
  async list(userId: string | null): Promise<StoredToken[]> {
    const query = this.#select().orderBy('tokens.created_at', 'desc').orderBy('tokens.id', 'desc');
    const rows = await (userId === null ? query : query.where('tokens.user_id', '=', userId)).execute();
    return rows.map(present);
  }

  async remove(id: string): Promise<void> {
    await this.#database.transaction((trx) => trx.deleteFrom('tokens').where('id', '=', id).execute());
  }

  /** Those that ceased to be valid before an instant. */
  async removeExpiredBefore(instant: string): Promise<void> {
    await this.#database.transaction((trx) =>
      trx.deleteFrom('tokens').where('expires_at', '<', instant).execute(),
    );
  }

  async touch(id: string, now: string): Promise<void> {
    await this.#database.transaction((trx) =>
      trx.updateTable('tokens').set({ last_used_at: now }).where('id', '=', id).execute(),
    );
  }

  #select() {
    return this.#database.reader
      .selectFrom('tokens')
      .leftJoin('users', 'users.id', 'tokens.user_id')
      .leftJoin('authors', 'authors.id', 'users.author_id')
      .select([
        'tokens.id',
        'tokens.name',
        'tokens.role',
        'tokens.scopes',
        'tokens.user_id as userId',
        'tokens.expires_at as expiresAt',
        'tokens.created_at as createdAt',
        'tokens.last_used_at as lastUsedAt',
        'users.name as userName',
        'users.role as userRole',
        'authors.slug as authorSlug',
      ]);
  }
}

interface TokenRow extends Omit<StoredToken, 'scopes'> {
  scopes: string;
  userRole: Role | null;
}

/** A token of a user who was given a lower role has that role from then on. */
function present({ userRole, scopes: stored, ...token }: TokenRow): StoredToken {
  return {
    ...token,
    role: userRole === null ? token.role : lowerRole(token.role, userRole),
    scopes: parseScopes(stored),
  };
}

function parseScopes(stored: string): Scope[] {
  const parsed: unknown = JSON.parse(stored);
  return Array.isArray(parsed) ? scopes.filter((scope) => parsed.includes(scope)) : [];
}
