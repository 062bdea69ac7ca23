/** Users and their author profiles in the database. */
import type { Kysely, Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { slugify } from '../../content/slug.ts';
import { UniqueViolation } from '../../database/failures.ts';
import type { DatabaseManager } from '../../database/manager.ts';
import type { Tables } from '../../database/tables.ts';
import { BroadsheetError } from '../../errors.ts';
import { isId } from '../../validation/id.ts';
import type { Role } from '../roles.ts';
import type { User } from '../user.ts';

export interface NewUser {
  email: string;
  name: string;
  passwordHash: string;
  role: Role;
  author: string | undefined;
  now: string;
}

export interface StoredUser extends User {
  passwordHash: string;
}

export class UserRepository {
  readonly #database: DatabaseManager;

  constructor(database: DatabaseManager) {
    this.#database = database;
  }

  /** @throws BroadsheetError `email_taken`, `author_not_found`, or `validation_failed` when the profile has a user */
  create(user: NewUser): Promise<string> {
    return emailTaken(() =>
      this.#database.transaction(async (trx) => {
        await queueUserChange(this.#database, trx);
        return insertUser(trx, user);
      }),
    );
  }

  async list(): Promise<User[]> {
    const rows = await selectUsers(this.#database.reader).orderBy('users.created_at').execute();
    return rows.map(({ passwordHash: _, ...user }) => user);
  }

  findByEmail(email: string): Promise<StoredUser | undefined> {
    return selectUsers(this.#database.reader).where('users.email', '=', email).executeTakeFirst();
  }

  async findById(id: string): Promise<StoredUser | undefined> {
    if (!isId(id)) return undefined;
    return selectUsers(this.#database.reader).where('users.id', '=', id).executeTakeFirst();
  }

  async exists(): Promise<boolean> {
    return hasUsers(this.#database.reader);
  }

  /** Stores a better hash of the same password, unless the password changed meanwhile. */
  async rehash(id: string, oldHash: string, passwordHash: string): Promise<void> {
    await this.#database.transaction((trx) =>
      trx
        .updateTable('users')
        .set({ password_hash: passwordHash })
        .where('id', '=', id)
        .where('password_hash', '=', oldHash)
        .execute(),
    );
  }

  /** Stores a new password and ends every session of the user. */
  async setPassword(id: string, passwordHash: string): Promise<void> {
    await this.#database.transaction(async (trx) => {
      await trx.updateTable('users').set({ password_hash: passwordHash }).where('id', '=', id).execute();
      await trx.deleteFrom('sessions').where('user_id', '=', id).execute();
    });
  }

  /** @throws BroadsheetError `forbidden` when no owner would be left */
  async setRole(id: string, role: Role): Promise<void> {
    await this.#database.transaction(async (trx) => {
      await queueUserChange(this.#database, trx);
      await trx.updateTable('users').set({ role }).where('id', '=', id).execute();
      await keepAnOwner(trx);
    });
  }

  async rename(id: string, name: string): Promise<void> {
    await this.#database.transaction((trx) =>
      trx.updateTable('users').set({ name }).where('id', '=', id).execute(),
    );
  }

  /** Removes the user with sessions and tokens; the author profile and the posts stay.
   * @throws BroadsheetError `forbidden` when no owner would be left */
  async remove(id: string): Promise<void> {
    await this.#database.transaction(async (trx) => {
      await queueUserChange(this.#database, trx);
      await trx.deleteFrom('sessions').where('user_id', '=', id).execute();
      await trx.deleteFrom('tokens').where('user_id', '=', id).execute();
      await trx.deleteFrom('users').where('id', '=', id).execute();
      await keepAnOwner(trx);
    });
  }
}

/** Rules about all users together, such as that there is an owner, need their changes one after the other. */
export function queueUserChange(database: DatabaseManager, trx: Transaction<Tables>): Promise<void> {
  return database.queue(trx, 'users');
}

/** Maps the database's refusal of a second user with the address. */
export async function emailTaken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UniqueViolation && error.column === 'users.email')) throw error;
    throw new BroadsheetError('email_taken', 'There is a user with this e-mail address. Use another one.', {
      errors: [{ path: '/email', message: 'is in use' }],
    });
  }
}

/** @returns the new user's id */
export async function insertUser(trx: Transaction<Tables>, user: NewUser): Promise<string> {
  const id = uuidv7();
  await trx
    .insertInto('users')
    .values({
      id,
      email: user.email,
      name: user.name,
      password_hash: user.passwordHash,
      role: user.role,
      author_id:
        user.author === undefined ? await insertProfile(trx, user.name) : await freeProfile(trx, user.author),
      created_at: user.now,
    })
    .execute();
  return id;
}

export async function hasUsers(db: Kysely<Tables>): Promise<boolean> {
  return (await db.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined;
}

async function keepAnOwner(trx: Transaction<Tables>): Promise<void> {
  const owner = await trx
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'owner')
    .limit(1)
    .executeTakeFirst();
  if (owner) return;
  throw new BroadsheetError('forbidden', 'The blog needs an owner. Make somebody else an owner first.');
}

async function freeProfile(trx: Transaction<Tables>, slug: string): Promise<string> {
  const profile = await trx
    .selectFrom('authors')
    .leftJoin('users', 'users.author_id', 'authors.id')
    .select(['authors.id', 'users.id as userId'])
    .where('authors.slug', '=', slug)
    .executeTakeFirst();
  if (!profile) {
    throw new BroadsheetError('author_not_found', 'There is no author profile with this slug.', {
      errors: [{ path: '/author', message: 'must be the slug of an author profile' }],
    });
  }
  if (profile.userId !== null) {
    const errors = [{ path: '/author', message: 'belongs to another user' }];
    throw new BroadsheetError('validation_failed', 'This author profile has a user.', { errors });
  }
  return profile.id;
}

/** Makes an author profile; the slug gets the first free suffix. */
async function insertProfile(trx: Transaction<Tables>, name: string): Promise<string> {
  const base = slugify(name) || 'author';
  const taken = await trx
    .selectFrom('authors')
    .select('slug')
    .where((expression) =>
      expression.or([expression('slug', '=', base), expression('slug', 'like', `${base}-%`)]),
    )
    .execute();
  const slugs = new Set(taken.map(({ slug }) => slug));
  let slug = base;
  for (let suffix = 2; slugs.has(slug); suffix += 1) slug = `${base}-${suffix}`;
  const id = uuidv7();
  await trx.insertInto('authors').values({ id, slug, name, bio: null, image: null, website: null }).execute();
  return id;
}

function selectUsers(db: Kysely<Tables>) {
  return db
    .selectFrom('users')
    .leftJoin('authors', 'authors.id', 'users.author_id')
    .select([
      'users.id',
      'users.email',
      'users.name',
      'users.role',
      'users.password_hash as passwordHash',
      'users.created_at as createdAt',
      'authors.slug as authorSlug',
    ]);
}
