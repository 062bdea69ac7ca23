/** Posts in the database: reading, and units of work. */
import { UniqueViolation } from '../../../database/failures.ts';
import type { DatabaseManager } from '../../../database/manager.ts';
import { BroadsheetError } from '../../../errors.ts';
import type { Post } from '../post.ts';
import type { PostStatus, PostType } from '../schemas.ts';
import { findPost, PostReader } from './reader.ts';
import { type LoggedChange, PostUnit } from './unit.ts';

/** Versions are 32-bit integers; PostgreSQL refuses to look for a larger one. */
const maxVersion = 2 ** 31 - 1;

export class PostRepository extends PostReader {
  readonly #database: DatabaseManager;

  constructor(database: DatabaseManager) {
    super(database);
    this.#database = database;
  }

  /**
   * Everything that `work` does is committed together, or nothing of it.
   *
   * @throws BroadsheetError `slug_taken`
   */
  async write<T>(work: (unit: PostUnit) => Promise<T>): Promise<{ result: T; changes: LoggedChange[] }> {
    try {
      // A slug that was found free may be taken by the time it is stored; then another one is found, if it was ours to choose.
      return await this.#writeOnce(work).catch((error: unknown) => {
        if (!isSlugTaken(error)) throw error;
        return this.#writeOnce(work);
      });
    } catch (error) {
      if (!isSlugTaken(error)) throw error;
      throw new BroadsheetError(
        'slug_taken',
        'Another post has this slug. Choose another, or leave it out to get one made.',
        {
          errors: [{ path: '/slug', message: 'is in use by another post' }],
          cause: error,
        },
      );
    }
  }

  #writeOnce<T>(work: (unit: PostUnit) => Promise<T>): Promise<{ result: T; changes: LoggedChange[] }> {
    return this.#database.transaction(async (trx) => {
      const unit = new PostUnit(trx, this.#database);
      return { result: await work(unit), changes: unit.changes };
    });
  }

  async revisions(postId: string): Promise<{ version: number; title: string; createdAt: string }[]> {
    return this.#database.reader
      .selectFrom('revisions')
      .select(['version', 'title', 'created_at as createdAt'])
      .where('post_id', '=', postId)
      .orderBy('version', 'desc')
      .execute();
  }

  async revisionSnapshot(postId: string, version: number): Promise<string | null> {
    if (version > maxVersion) return null;
    const row = await this.#database.reader
      .selectFrom('revisions')
      .select('snapshot')
      .where('post_id', '=', postId)
      .where('version', '=', version)
      .executeTakeFirst();
    return row?.snapshot ?? null;
  }

  /** Where an old path leads: the slug of a published post, or a fixed target. */
  async redirect(
    path: string,
  ): Promise<{ postId: string | null; slug: string | null; target: string | null } | null> {
    const row = await this.#database.reader
      .selectFrom('redirects')
      .leftJoin('posts', (join) =>
        join.onRef('posts.id', '=', 'redirects.post_id').on('posts.status', '=', 'published'),
      )
      .select(['redirects.post_id as postId', 'posts.slug', 'redirects.target'])
      .where('redirects.path', '=', path)
      .executeTakeFirst();
    return row ?? null;
  }

  findBySource(source: string): Promise<Post | null> {
    return findPost(this.#database.reader, 'source', source);
  }

  async sourceDigest(postId: string): Promise<string | null> {
    const row = await this.#database.reader
      .selectFrom('posts')
      .select('source_digest')
      .where('id', '=', postId)
      .executeTakeFirst();
    return row?.source_digest ?? null;
  }

  async tagId(slug: string): Promise<string | null> {
    const row = await this.#database.reader
      .selectFrom('tags')
      .select('id')
      .where('slug', '=', slug)
      .executeTakeFirst();
    return row?.id ?? null;
  }

  async authorId(slug: string): Promise<string | null> {
    const row = await this.#database.reader
      .selectFrom('authors')
      .select('id')
      .where('slug', '=', slug)
      .executeTakeFirst();
    return row?.id ?? null;
  }

  async redirectsTo(postIds: string[]): Promise<(id: string) => string[]> {
    const rows = await this.#database.reader
      .selectFrom('redirects')
      .select(['path', 'post_id'])
      .where('post_id', 'in', postIds)
      .orderBy('path')
      .execute();
    const byPost = Map.groupBy(rows, (row) => row.post_id);
    return (id) => (byPost.get(id) ?? []).map((row) => row.path);
  }

  async sources(postIds: string[]): Promise<Map<string, string | null>> {
    const rows = await this.#database.reader
      .selectFrom('posts')
      .select(['id', 'source'])
      .where('id', 'in', postIds)
      .execute();
    return new Map(rows.map((row) => [row.id, row.source]));
  }

  async rememberedAnswer(key: string): Promise<{ requestDigest: string; answer: string } | null> {
    const row = await this.#database.reader
      .selectFrom('idempotency_keys')
      .select(['request_digest as requestDigest', 'answer'])
      .where('key', '=', key)
      .executeTakeFirst();
    return row ?? null;
  }

  async scheduled(limit: number): Promise<{ id: string; publishedAt: string }[]> {
    const rows = await this.#database.reader
      .selectFrom('posts')
      .select(['id', 'published_at'])
      .where('status', '=', 'scheduled')
      .orderBy('published_at')
      .limit(limit)
      .execute();
    return rows.flatMap(({ id, published_at }) =>
      published_at === null ? [] : [{ id, publishedAt: published_at }],
    );
  }

  /**
   * Posts and pages of any status in the order of their ids, for the sitemap: `limit` of them after an id. Which are
   * published is for the caller to see: asked for it, SQLite would read and sort all of them for each part.
   */
  async addresses(
    after: string | null,
    limit: number,
  ): Promise<{ id: string; type: PostType; status: PostStatus; slug: string; updatedAt: string }[]> {
    return this.#database.reader
      .selectFrom('posts')
      .select(['id', 'type', 'status', 'slug', 'updated_at as updatedAt'])
      .$if(after !== null, (query) => query.where('id', '>', after ?? ''))
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  /** Ids of all posts, in order, for the export: `limit` of them after an id, or the first. */
  async idsAfter(after: string | null, limit: number): Promise<string[]> {
    const rows = await this.#database.reader
      .selectFrom('posts')
      .select('id')
      .$if(after !== null, (query) => query.where('id', '>', after ?? ''))
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map((row) => row.id);
  }

  /** How many published posts each month (`2026-01`) has, newest first. */
  async months(): Promise<{ month: string; total: number }[]> {
    const rows = await this.#database.reader
      .selectFrom('post_totals')
      .select(({ fn }) => ['scope_id', fn.sum<number>('total').as('total')])
      .where('scope', '=', 'month')
      .where('type', '=', 'post')
      .where('status', '=', 'published')
      .groupBy('scope_id')
      .orderBy('scope_id', 'desc')
      .execute();
    return rows
      .map((row) => ({ month: row.scope_id, total: Number(row.total) }))
      .filter(({ total }) => total > 0);
  }
}

function isSlugTaken(error: unknown): boolean {
  return error instanceof UniqueViolation && error.column === 'posts.slug';
}
