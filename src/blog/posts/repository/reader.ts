/** Queries for posts. Each list is a range of one index; see the indexes in the migrations. */
import { type Expression, type Kysely, type SqlBool, sql } from 'kysely';
import type { DatabaseManager } from '../../../database/manager.ts';
import type { Tables } from '../../../database/tables.ts';
import { isId } from '../../../validation/id.ts';
import type { NamedRef, Post, PostSummary } from '../post.ts';
import type { PostStatus, PostType } from '../schemas.ts';
import {
  readTags,
  type SummaryRow,
  summaryColumns,
  type TextRow,
  textColumns,
  toPost,
  toSummary,
} from './rows.ts';

export interface ListFilter {
  type: PostType;
  /** Null: of any status. */
  status: PostStatus | null;
  tagId?: string;
  authorId?: string;
}

/** Where a page begins in an order: after this post. */
export interface Position {
  sortAt: string;
  id: string;
}

export interface ListRange {
  direction: 'asc' | 'desc';
  after?: Position;
  offset: number;
  limit: number;
  withTexts: boolean;
}

export type ListedPost = (PostSummary | Post) & { position: Position };

/** Searches are counted up to here; counting all matches of a common word would read all of them. */
export const searchTotalLimit = 10_000;

export class PostReader {
  readonly #database: DatabaseManager;

  constructor(database: DatabaseManager) {
    this.#database = database;
  }

  get #db(): Kysely<Tables> {
    return this.#database.reader;
  }

  findById(id: string): Promise<Post | null> {
    return findPost(this.#db, 'id', id);
  }

  findBySlug(slug: string): Promise<Post | null> {
    return findPost(this.#db, 'slug', slug);
  }

  async list(filter: ListFilter, range: ListRange): Promise<ListedPost[]> {
    // The page is found in an index alone; only its posts are read, however deep the offset.
    const page =
      filter.tagId === undefined
        ? this.#pageOfAll(filter, range)
        : this.#pageOfTag(filter, filter.tagId, range);
    const rows = await this.#db
      .selectFrom(page.as('page'))
      .innerJoin('posts', 'posts.id', 'page.id')
      .innerJoin('authors', 'authors.id', 'posts.author_id')
      .select(summaryColumns)
      .$if(range.withTexts, (query) => query.select(textColumns))
      .orderBy('page.sort_at', range.direction)
      .orderBy('page.id', range.direction)
      .execute();
    return this.#withTags(rows);
  }

  #pageOfAll({ type, status, authorId }: ListFilter, { direction, after, offset, limit }: ListRange) {
    return this.#db
      .selectFrom('posts')
      .select(['posts.id as id', 'posts.sort_at as sort_at'])
      .where('posts.type', '=', type)
      .$if(status !== null, (query) => query.where('posts.status', '=', status ?? 'published'))
      .$if(authorId !== undefined, (query) => query.where('posts.author_id', '=', authorId ?? ''))
      .$if(after !== undefined, (query) =>
        query.where(isBeyond('posts.sort_at', 'posts.id', direction, after)),
      )
      .orderBy('posts.sort_at', direction)
      .orderBy('posts.id', direction)
      .offset(offset)
      .limit(limit);
  }

  #pageOfTag(
    { type, status, authorId }: ListFilter,
    tagId: string,
    { direction, after, offset, limit }: ListRange,
  ) {
    return this.#db
      .selectFrom('post_tags')
      .select(['post_tags.post_id as id', 'post_tags.sort_at as sort_at'])
      .where('post_tags.tag_id', '=', tagId)
      .where('post_tags.type', '=', type)
      .$if(status !== null, (query) => query.where('post_tags.status', '=', status ?? 'published'))
      .$if(authorId !== undefined, (query) =>
        query
          .innerJoin('posts', 'posts.id', 'post_tags.post_id')
          .where('posts.author_id', '=', authorId ?? ''),
      )
      .$if(after !== undefined, (query) =>
        query.where(isBeyond('post_tags.sort_at', 'post_tags.post_id', direction, after)),
      )
      .orderBy('post_tags.sort_at', direction)
      .orderBy('post_tags.post_id', direction)
      .offset(offset)
      .limit(limit);
  }

  /** Best match first. */
  async search(
    words: string,
    filter: ListFilter,
    range: Pick<ListRange, 'offset' | 'limit' | 'withTexts'>,
  ): Promise<{ posts: ListedPost[]; total: number }> {
    const hits = this.#database.search.hits(words);
    if (!hits) return { posts: [], total: 0 };
    const matching = this.#db
      .selectFrom(hits)
      // SQLite does a cross join in this order; it would begin with all published posts, and look which of them match.
      .crossJoin('posts')
      .whereRef('posts.id', '=', 'hit.post_id')
      .where('posts.type', '=', filter.type)
      .$if(filter.status !== null, (query) => query.where('posts.status', '=', filter.status ?? 'published'))
      .$if(filter.authorId !== undefined, (query) =>
        query.where('posts.author_id', '=', filter.authorId ?? ''),
      )
      .$if(filter.tagId !== undefined, (query) =>
        query.where(({ exists, selectFrom }) =>
          exists(
            selectFrom('post_tags')
              .select('post_tags.post_id')
              .whereRef('post_tags.post_id', '=', 'posts.id')
              .where('post_tags.tag_id', '=', filter.tagId ?? ''),
          ),
        ),
      );
    const found = matching
      .innerJoin('authors', 'authors.id', 'posts.author_id')
      .select(summaryColumns)
      .$if(range.withTexts, (query) => query.select(textColumns))
      .orderBy('hit.rank')
      .orderBy('posts.id', 'desc')
      .offset(range.offset)
      .limit(range.limit)
      .execute();
    const counted = this.#db
      .selectFrom(matching.select('posts.id').limit(searchTotalLimit).as('match'))
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    const [rows, { total }] = await Promise.all([found, counted]);
    return { posts: await this.#withTags(rows), total: Number(total) };
  }

  /** From the maintained totals where there is one for the filter; else counted. */
  async total(filter: ListFilter): Promise<number> {
    if (filter.tagId !== undefined && filter.authorId !== undefined)
      return this.#countOfBoth(filter, filter.tagId, filter.authorId);
    const scope = filter.tagId !== undefined ? 'tag' : filter.authorId !== undefined ? 'author' : 'all';
    const row = await this.#db
      .selectFrom('post_totals')
      .select(({ fn }) => fn.sum<number | null>('total').as('total'))
      .where('scope', '=', scope)
      .where('scope_id', '=', filter.tagId ?? filter.authorId ?? '')
      .where('type', '=', filter.type)
      .$if(filter.status !== null, (query) => query.where('status', '=', filter.status ?? 'published'))
      .executeTakeFirst();
    return Number(row?.total ?? 0);
  }

  async #countOfBoth(filter: ListFilter, tagId: string, authorId: string): Promise<number> {
    const row = await this.#db
      .selectFrom('post_tags')
      .innerJoin('posts', 'posts.id', 'post_tags.post_id')
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .where('post_tags.tag_id', '=', tagId)
      .where('posts.author_id', '=', authorId)
      .where('post_tags.type', '=', filter.type)
      .$if(filter.status !== null, (query) =>
        query.where('post_tags.status', '=', filter.status ?? 'published'),
      )
      .executeTakeFirst();
    return Number(row?.total ?? 0);
  }

  async #withTags(rows: (SummaryRow & Partial<TextRow>)[]): Promise<ListedPost[]> {
    const tagsOf = await readTags(
      this.#db,
      rows.map((row) => row.id),
    );
    return rows.map((row) => ({
      ...toListed(row, tagsOf(row.id)),
      position: { sortAt: row.sort_at, id: row.id },
    }));
  }
}

export async function findPost(
  db: Kysely<Tables>,
  column: 'id' | 'slug' | 'source',
  value: string,
): Promise<Post | null> {
  if (column === 'id' && !isId(value)) return null;
  const row = await db
    .selectFrom('posts')
    .innerJoin('authors', 'authors.id', 'posts.author_id')
    .select([...summaryColumns, ...textColumns])
    .where(`posts.${column}`, '=', value)
    .executeTakeFirst();
  if (!row) return null;
  const tagsOf = await readTags(db, [row.id]);
  return toPost(row, tagsOf(row.id));
}

function toListed(row: SummaryRow & Partial<TextRow>, tags: NamedRef[]): PostSummary | Post {
  const { content, html } = row;
  return content !== undefined && html !== undefined
    ? toPost({ ...row, content, html }, tags)
    : toSummary(row, tags);
}

/** Keyset pagination: a comparison of row values, which both databases turn into a seek. */
function isBeyond(
  sortAt: string,
  id: string,
  direction: 'asc' | 'desc',
  after: Position | undefined,
): Expression<SqlBool> {
  const comparison = direction === 'asc' ? sql`>` : sql`<`;
  return sql<SqlBool>`(${sql.ref(sortAt)}, ${sql.ref(id)}) ${comparison} (${after?.sortAt ?? ''}, ${after?.id ?? ''})`;
}
