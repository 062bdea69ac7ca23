/** Writes of one transaction: a post with everything that has to change together with it. */
import { sql, type Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { databaseTime } from '../../../database/clock.ts';
import type { DatabaseManager } from '../../../database/manager.ts';
import type { PostsTable, Tables } from '../../../database/tables.ts';
import type { NewJob } from '../../../jobs/job.ts';
import { planJob } from '../../../jobs/repository.ts';
import { isId } from '../../../validation/id.ts';
import { appendChange, type Change } from '../../changes-repository.ts';
import type { TimePosition } from '../affected-tags.ts';
import type { ImportedPost, Post } from '../post.ts';
import { findPost } from './reader.ts';
import { freeSlug } from './slugs.ts';
import { type Countable, moveTotals } from './totals.ts';

/** A row of the change log, for who acts on it after the commit. */
export interface LoggedChange {
  sequence: number;
  tags: string[];
}

/** A tag or author as a row, for reference. */
export interface Entity {
  id: string;
  slug: string;
  name: string;
}

export interface PostRecord {
  row: PostsTable;
  tags: Entity[];
  /** The words of the content, for the search index. */
  text: string;
}

/** What a stored post counts towards and is known by elsewhere. */
export interface StoredRelations {
  source: string | null;
  sourceDigest: string | null;
  countable: Countable;
}

export class PostUnit {
  readonly #trx: Transaction<Tables>;
  readonly #database: DatabaseManager;
  /** What this unit has appended to the change log. */
  readonly changes: LoggedChange[] = [];

  constructor(trx: Transaction<Tables>, database: DatabaseManager) {
    this.#trx = trx;
    this.#database = database;
  }

  findById = (id: string): Promise<Post | null> => this.#findAndKeep('id', id);
  findBySource = (source: string): Promise<Post | null> => this.#findAndKeep('source', source);
  freeSlug = (wanted: string, isReserved: (slug: string) => boolean): Promise<string> =>
    freeSlug(this.#trx, wanted, {
      isReserved,
      queue: (slug) => this.#database.queue(this.#trx, `slug:${slug}`),
    });

  async relations(postId: string): Promise<StoredRelations> {
    const row = await this.#trx
      .selectFrom('posts')
      .select(['type', 'status', 'author_id', 'sort_at', 'source', 'source_digest'])
      .where('id', '=', postId)
      .executeTakeFirstOrThrow();
    const tags = await this.#trx
      .selectFrom('post_tags')
      .select('tag_id')
      .where('post_id', '=', postId)
      .execute();
    return {
      source: row.source,
      sourceDigest: row.source_digest,
      countable: {
        type: row.type,
        status: row.status,
        authorId: row.author_id,
        tagIds: tags.map((tag) => tag.tag_id),
        sortAt: row.sort_at,
      },
    };
  }

  async insert(record: PostRecord): Promise<void> {
    await this.#trx.insertInto('posts').values(record.row).execute();
    await this.#putTags(record);
    await moveTotals(this.#trx, this.#database.totalShards, null, countableOf(record));
    await this.#index(record);
  }

  async update(record: PostRecord, before: Countable): Promise<void> {
    const { id, ...columns } = record.row;
    await this.#trx.updateTable('posts').set(columns).where('id', '=', id).execute();
    await this.#trx.deleteFrom('post_tags').where('post_id', '=', id).execute();
    await this.#putTags(record);
    await moveTotals(this.#trx, this.#database.totalShards, before, countableOf(record));
    await this.#index(record);
  }

  async delete(postId: string, before: Countable): Promise<void> {
    await this.#database.search.remove(this.#trx, postId);
    await this.#trx.deleteFrom('posts').where('id', '=', postId).execute();
    await moveTotals(this.#trx, this.#database.totalShards, before, null);
  }

  /** Makes due what was scheduled: only the status changes, and its copies. */
  async publish(postId: string, before: Countable, at: string): Promise<void> {
    await this.#trx
      .updateTable('posts')
      .set(({ eb }) => ({ status: 'published', version: eb('version', '+', 1), updated_at: at }))
      .where('id', '=', postId)
      .execute();
    await this.#trx
      .updateTable('post_tags')
      .set({ status: 'published' })
      .where('post_id', '=', postId)
      .execute();
    await moveTotals(this.#trx, this.#database.totalShards, before, { ...before, status: 'published' });
  }

  async addRevision(
    postId: string,
    version: number,
    title: string,
    snapshot: string,
    at: string,
  ): Promise<void> {
    await this.#trx
      .insertInto('revisions')
      .values({ post_id: postId, version, title, snapshot, created_at: at })
      .execute();
  }

  /** Sends a path to the post from now on, whatever it led to before. */
  async addRedirect(path: string, postId: string, at: string): Promise<void> {
    await this.#trx
      .insertInto('redirects')
      .values({ path, post_id: postId, target: null, created_at: at })
      .onConflict((conflict) => conflict.column('path').doUpdateSet({ post_id: postId, target: null }))
      .execute();
  }

  async removeRedirect(path: string): Promise<void> {
    await this.#trx.deleteFrom('redirects').where('path', '=', path).execute();
  }

  async redirectPaths(postId: string): Promise<string[]> {
    const rows = await this.#trx
      .selectFrom('redirects')
      .select('path')
      .where('post_id', '=', postId)
      .orderBy('path')
      .execute();
    return rows.map((row) => row.path);
  }

  /** The published posts that come right after each position, at most `limit`, without the one that is there itself. */
  async newerThan(
    positions: readonly TimePosition[],
    limit: number,
  ): Promise<{ id: string; tag: string | null }[]> {
    const [first, ...others] = positions.map((position) => this.#newerThan(position, limit));
    if (!first) return [];
    return others.reduce((all, next) => all.unionAll(next), first).execute();
  }

  #newerThan({ tag, sortAt, id }: TimePosition, limit: number) {
    const isBeyond = (time: string, key: string) =>
      sql<boolean>`(${sql.ref(time)}, ${sql.ref(key)}) > (${sortAt}, ${id})`;
    const inAll = this.#trx
      .selectFrom('posts')
      .select(['posts.id as id', 'posts.sort_at as sort_at'])
      .where('posts.type', '=', 'post')
      .where('posts.status', '=', 'published')
      .where(isBeyond('posts.sort_at', 'posts.id'))
      .where('posts.id', '!=', id)
      .orderBy('posts.sort_at')
      .orderBy('posts.id')
      .limit(limit);
    const inTag = this.#trx
      .selectFrom('post_tags')
      .select(['post_tags.post_id as id', 'post_tags.sort_at as sort_at'])
      .where('post_tags.tag_id', '=', ({ selectFrom }) =>
        selectFrom('tags')
          .select('tags.id')
          .where('tags.slug', '=', tag ?? ''),
      )
      .where('post_tags.type', '=', 'post')
      .where('post_tags.status', '=', 'published')
      .where(isBeyond('post_tags.sort_at', 'post_tags.post_id'))
      .where('post_tags.post_id', '!=', id)
      .orderBy('post_tags.sort_at')
      .orderBy('post_tags.post_id')
      .limit(limit);
    return this.#trx
      .selectFrom((tag === null ? inAll : inTag).as('newer'))
      .select(['newer.id', sql<string | null>`${tag}`.as('tag')]);
  }

  async appendChange(change: Change): Promise<void> {
    this.changes.push({ sequence: await appendChange(this.#trx, change), tags: change.tags });
  }

  planJob(job: NewJob): Promise<void> {
    return planJob(this.#trx, databaseTime(this.#database.kind), job);
  }

  async rememberAnswer(key: string, requestDigest: string, answer: string, at: string): Promise<void> {
    await this.#trx
      .insertInto('idempotency_keys')
      .values({ key, request_digest: requestDigest, answer, created_at: at })
      .execute();
  }

  /** Finds a tag by its slug, or creates it. The first name that a tag got stays. */
  async ensureTag(tag: { slug: string; name: string; description?: string }): Promise<Entity> {
    const row = { id: uuidv7(), slug: tag.slug, name: tag.name, description: tag.description ?? null };
    await this.#trx
      .insertInto('tags')
      .values(row)
      .onConflict((conflict) => conflict.column('slug').doNothing())
      .execute();
    return this.#trx
      .selectFrom('tags')
      .select(['id', 'slug', 'name'])
      .where('slug', '=', tag.slug)
      .executeTakeFirstOrThrow();
  }

  async findAuthor(slug: string): Promise<Entity | undefined> {
    return this.#trx
      .selectFrom('authors')
      .select(['id', 'slug', 'name'])
      .where('slug', '=', slug)
      .executeTakeFirst();
  }

  async ensureAuthor(author: NonNullable<ImportedPost['author']> & { slug: string }): Promise<Entity> {
    const { slug, name, bio = null, image = null, website = null } = author;
    await this.#trx
      .insertInto('authors')
      .values({ id: uuidv7(), slug, name, bio, image, website })
      .onConflict((conflict) => conflict.column('slug').doNothing())
      .execute();
    return this.#trx
      .selectFrom('authors')
      .select(['id', 'slug', 'name'])
      .where('slug', '=', slug)
      .executeTakeFirstOrThrow();
  }

  /** What is decided by the post must not change until it is done. */
  async #findAndKeep(column: 'id' | 'source', value: string): Promise<Post | null> {
    if (column === 'id' && !isId(value)) return null;
    // On SQLite nobody else writes meanwhile.
    if (this.#database.kind === 'postgres') {
      const post = this.#trx.selectFrom('posts').select('id').where(column, '=', value);
      await post.forUpdate().execute();
    }
    return findPost(this.#trx, column, value);
  }

  async #putTags({ row, tags }: PostRecord): Promise<void> {
    if (tags.length === 0) return;
    const copies = { post_id: row.id, type: row.type, status: row.status, sort_at: row.sort_at };
    await this.#trx
      .insertInto('post_tags')
      .values(tags.map((tag, position) => ({ ...copies, tag_id: tag.id, position })))
      .execute();
  }

  async #index({ row, tags, text }: PostRecord): Promise<void> {
    const document = { title: row.title, tags: tags.map((tag) => tag.name), text };
    await this.#database.search.put(this.#trx, row.id, document);
  }
}

function countableOf({ row, tags }: PostRecord): Countable {
  return {
    type: row.type,
    status: row.status,
    authorId: row.author_id,
    tagIds: tags.map((tag) => tag.id),
    sortAt: row.sort_at,
  };
}
