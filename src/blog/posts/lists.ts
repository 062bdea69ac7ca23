/** Pages of posts, and walks over all of them. */
import { BroadsheetError } from '../../errors.ts';
import { can, type Principal } from '../../identity/principal.ts';
import { dependOn } from '../reads.ts';
import { confinedTo } from './access.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { type EarlierPosts, earlierCount, earlierTag } from './earlier.ts';
import type { Post, PostPage, PostSummary } from './post.ts';
import type { ListedPost, ListFilter, ListRange } from './repository/reader.ts';
import type { PostRepository } from './repository/repository.ts';
import type { PostListQuery, PostType } from './schemas.ts';

/** How many posts a walk holds in memory at a time. */
const walkSize = 100;

export class PostLists {
  readonly #repository: PostRepository;

  constructor(repository: PostRepository) {
    this.#repository = repository;
  }

  async list(query: PostListQuery, viewer: Principal): Promise<PostPage<PostSummary | Post>> {
    const { limit = 10, offset = 0 } = query;
    const status = query.status ?? 'published';
    if (status !== 'published') requireReader(viewer);
    const author = status === 'published' ? query.author : narrowed(query.author, confinedTo(viewer));
    dependOn(...placesOf(query));
    const filter = author === null ? null : await this.#resolve(query, status, author);
    // A tag or author that isn't there has no posts: an empty list, not an error, as for every other filter.
    if (!filter) return { posts: [], total: 0, limit, offset, next: null };
    const list = nameOf(query, author ?? null);
    const page = await (query.q === undefined
      ? this.#byTime(query, filter, list, { limit, offset })
      : this.#byRelevance(query.q, query, filter, list, { limit, offset }));
    dependOn(...page.posts.map((post) => `post:${post.id}`));
    return page;
  }

  /** The posts right before this one: with its first tag, or of all where no earlier one has that. */
  async earlier(post: Post): Promise<EarlierPosts> {
    const [tag] = post.tags;
    const alike = tag === undefined ? [] : await this.#before(post, tag.slug);
    if (tag !== undefined && alike.length > 0) return { tag, posts: alike };
    return { tag: null, posts: await this.#before(post, null) };
  }

  /** Published pages, oldest first, as links: not what is on them, so that mending one leaves the others cached. */
  async navigation(limit: number): Promise<{ title: string; slug: string }[]> {
    dependOn('navigation');
    const range: ListRange = { direction: 'asc', offset: 0, limit, withTexts: false };
    const pages = await this.#repository.list({ type: 'page', status: 'published' }, range);
    return pages.map(({ title, slug }) => ({ title, slug }));
  }

  async archive(): Promise<{ year: number; months: { month: number; total: number }[] }[]> {
    dependOn('posts');
    const months = await this.#repository.months();
    const years = Map.groupBy(months, ({ month }) => Number(month.slice(0, 4)));
    return [...years].map(([year, entries]) => ({
      year,
      months: entries.map(({ month, total }) => ({ month: Number(month.slice(5)), total })),
    }));
  }

  async *sitemapEntries(): AsyncIterable<{ slug: string; type: PostType; updatedAt: string }> {
    // Not each post by name: the tags of a million would outweigh the sitemap.
    dependOn('sitemap');
    let after: string | null = null;
    for (;;) {
      const entries = await this.#repository.addresses(after, walkSize * 10);
      yield* entries.filter((entry) => entry.status === 'published');
      const last = entries.at(-1);
      if (!last) return;
      after = last.id;
    }
  }

  async *exportAll(): AsyncIterable<Post & { redirectFrom: string[]; source: string | null }> {
    let after: string | null = null;
    for (;;) {
      const ids = await this.#repository.idsAfter(after, walkSize);
      const last = ids.at(-1);
      if (last === undefined) return;
      after = last;
      const [redirectsOf, sources] = [
        await this.#repository.redirectsTo(ids),
        await this.#repository.sources(ids),
      ];
      for (const id of ids) {
        const post = await this.#repository.findById(id);
        if (post) yield { ...post, redirectFrom: redirectsOf(id), source: sources.get(id) ?? null };
      }
    }
  }

  async #before(post: Post, tag: string | null): Promise<PostSummary[]> {
    dependOn(earlierTag(post.id, tag));
    const tagId = tag === null ? undefined : await this.#repository.tagId(tag);
    if (tagId === null) return [];
    const posts = await this.#repository.list(
      { type: 'post', status: 'published', ...(tagId === undefined ? {} : { tagId }) },
      {
        direction: 'desc',
        after: { sortAt: post.publishedAt ?? post.createdAt, id: post.id },
        offset: 0,
        limit: earlierCount,
        withTexts: false,
      },
    );
    dependOn(...posts.map((other) => `post:${other.id}`));
    return posts.map(withoutPosition);
  }

  async #byTime(
    query: PostListQuery,
    filter: ListFilter,
    list: string,
    page: { limit: number; offset: number },
  ) {
    const direction = query.sort === 'publishedAt' ? 'asc' : 'desc';
    const cursor = query.after === undefined ? null : decodeCursor(query.after, list);
    if (cursor?.kind === 'offset')
      throw new BroadsheetError('invalid_cursor', 'This cursor is of a search; pass it with the same q.');
    const range: ListRange = {
      direction,
      offset: cursor ? 0 : page.offset,
      // One more than asked for tells whether there is a next page.
      limit: page.limit + 1,
      withTexts: query.include === 'content',
      ...(cursor ? { after: cursor } : {}),
    };
    const [posts, total] = await Promise.all([
      this.#repository.list(filter, range),
      this.#repository.total(filter),
    ]);
    const shown = posts.slice(0, page.limit);
    const last = shown.at(-1);
    const next =
      posts.length > page.limit && last ? encodeCursor({ kind: 'position', ...last.position }, list) : null;
    return { posts: shown.map(withoutPosition), total, ...page, next };
  }

  async #byRelevance(
    words: string,
    query: PostListQuery,
    filter: ListFilter,
    list: string,
    page: { limit: number; offset: number },
  ) {
    const cursor = query.after === undefined ? null : decodeCursor(query.after, list);
    if (cursor?.kind === 'position')
      throw new BroadsheetError('invalid_cursor', 'This cursor is not of a search; leave out q.');
    const offset = cursor?.offset ?? page.offset;
    const range = { offset, limit: page.limit, withTexts: query.include === 'content' };
    const { posts, total } = await this.#repository.search(words, filter, range);
    const end = offset + posts.length;
    const next = end < total && posts.length > 0 ? encodeCursor({ kind: 'offset', offset: end }, list) : null;
    return { posts: posts.map(withoutPosition), total, limit: page.limit, offset, next };
  }

  async #resolve(
    query: PostListQuery,
    status: NonNullable<PostListQuery['status']>,
    author: string | undefined,
  ): Promise<ListFilter | null> {
    const tagId = query.tag === undefined ? undefined : await this.#repository.tagId(query.tag);
    const authorId = author === undefined ? undefined : await this.#repository.authorId(author);
    if (tagId === null || authorId === null) return null;
    return {
      type: query.type ?? 'post',
      status: status === 'any' ? null : status,
      ...(tagId === undefined ? {} : { tagId }),
      ...(authorId === undefined ? {} : { authorId }),
    };
  }
}

/** Which posts are in the list, and in which order, depends on these. */
function placesOf({ q, tag, author, type }: PostListQuery): string[] {
  const filters = [
    ...(tag === undefined ? [] : [`tag:${tag}`]),
    ...(author === undefined ? [] : [`author:${author}`]),
  ];
  if (q !== undefined) return ['search', ...(type === 'page' ? ['pages'] : filters)];
  if (type === 'page') return ['pages'];
  return filters.length > 0 ? filters : ['posts'];
}

function requireReader(viewer: Principal): void {
  if (can(viewer, 'posts:read')) return;
  if (viewer.role !== null) throw new BroadsheetError('forbidden', 'The token lacks the scope posts:read.');
  throw new BroadsheetError(
    'unauthorized',
    'Lists of posts that are not published need a token: Authorization: Bearer TOKEN.',
    {
      headers: { 'www-authenticate': 'Bearer realm="broadsheet"' },
    },
  );
}

/** The author asked for, within what the viewer may see. Null: nothing is in both. */
function narrowed(asked: string | undefined, own: string | null): string | undefined | null {
  if (own === null) return asked;
  return asked === undefined || asked === own ? own : null;
}

/** What makes two lists the same one, for cursors. */
function nameOf({ tag, type, status, sort, q }: PostListQuery, author: string | null): string {
  return JSON.stringify([
    tag ?? null,
    author,
    type ?? 'post',
    status ?? 'published',
    sort ?? '-publishedAt',
    q ?? null,
  ]);
}

function withoutPosition({ position: _, ...post }: ListedPost): PostSummary | Post {
  return post;
}
