/** A blog in memory behind the ports of the reader pages, for faults and sizes that a real one is slow to have. */

import type { Post } from '../../src/blog/posts/post.ts';
import type { PostListQuery } from '../../src/blog/posts/schemas.ts';
import { BroadsheetError } from '../../src/errors.ts';
import type { ArchiveYear, SitePorts } from '../../src/site/ports.ts';

export type PostInput = Partial<Post> & Pick<Post, 'slug' | 'title'>;

export function makePost(input: PostInput, index = 0): Post {
  const at = input.publishedAt ?? new Date(Date.UTC(2026, 0, 1) - index * 86_400_000).toISOString();
  return {
    id: `01990000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    type: 'post',
    status: 'published',
    excerpt: `About ${input.title}`,
    excerptIsCustom: false,
    content: input.title,
    format: 'markdown',
    html: `<p>${input.slug}</p>`,
    tags: [],
    author: { slug: 'editor', name: 'The Editor' },
    featureImage: null,
    canonicalUrl: null,
    metaTitle: null,
    metaDescription: null,
    readingMinutes: 1,
    version: 1,
    publishedAt: at,
    createdAt: at,
    updatedAt: at,
    ...input,
  };
}

export function memoryBlog(
  posts: Post[],
  site: SitePorts['config']['site'] = { title: 'The Test', description: '' },
  redirects: Record<string, string> = {},
): SitePorts {
  const newestFirst = posts
    .filter((post) => post.status === 'published')
    .sort((a, b) => ((a.publishedAt ?? '') < (b.publishedAt ?? '') ? 1 : -1));

  function matches(post: Post, query: PostListQuery): boolean {
    if (post.type !== (query.type ?? 'post')) return false;
    if (query.tag !== undefined && !post.tags.some((tag) => tag.slug === query.tag)) return false;
    if (query.author !== undefined && post.author.slug !== query.author) return false;
    return (
      query.q === undefined || `${post.title} ${post.html}`.toLowerCase().includes(query.q.toLowerCase())
    );
  }

  const named = <Item extends { slug: string; name: string }>(items: Item[]) => {
    const counts = new Map<string, { slug: string; name: string; posts: number }>();
    for (const { slug, name } of items) {
      counts.set(slug, { slug, name, posts: (counts.get(slug)?.posts ?? 0) + 1 });
    }
    return [...counts.values()];
  };
  const live = newestFirst.filter((post) => post.type === 'post');
  const tags = named(live.flatMap((post) => post.tags)).map((tag) => ({ ...tag, description: null }));
  const authors = named(live.map((post) => post.author)).map((author) => ({
    ...author,
    bio: null,
    image: null,
    website: null,
  }));

  return {
    config: { site },
    origin: { value: site.url ?? 'http://127.0.0.1:8000' },
    posts: {
      async list(query) {
        const found = newestFirst.filter((post) => matches(post, query));
        const { limit = 10, offset = 0 } = query;
        return { posts: found.slice(offset, offset + limit), total: found.length, limit, offset, next: null };
      },
      async find(idOrSlug) {
        const post = newestFirst.find(({ id, slug }) => id === idOrSlug || slug === idOrSlug);
        if (!post) throw new BroadsheetError('post_not_found', 'No such post.');
        return post;
      },
      async earlier(post) {
        const earlier = live.slice(live.findIndex(({ id }) => id === post.id) + 1);
        const [tag = null] = post.tags;
        const alike = earlier.filter((other) => other.tags.some(({ slug }) => slug === tag?.slug));
        return alike.length > 0
          ? { tag, posts: alike.slice(0, 3) }
          : { tag: null, posts: earlier.slice(0, 3) };
      },
      async navigation(limit) {
        return newestFirst
          .filter(({ type }) => type === 'page')
          .reverse()
          .slice(0, limit);
      },
      async resolveRedirect(path) {
        return redirects[path] ?? null;
      },
      async archive() {
        const years = new Map<number, ArchiveYear>();
        for (const post of live) {
          const date = new Date(post.publishedAt ?? post.createdAt);
          const year = years.get(date.getUTCFullYear()) ?? { year: date.getUTCFullYear(), months: [] };
          const month = date.getUTCMonth() + 1;
          const entry = year.months.find((candidate) => candidate.month === month);
          if (entry) entry.total += 1;
          else year.months.push({ month, total: 1 });
          years.set(year.year, year);
        }
        return [...years.values()];
      },
      async *sitemapEntries() {
        for (const { slug, type, updatedAt } of newestFirst) yield { slug, type, updatedAt };
      },
    },
    tags: {
      list: async () => tags,
      async find(slug) {
        const tag = tags.find((candidate) => candidate.slug === slug);
        if (!tag) throw new BroadsheetError('tag_not_found', 'No such tag.');
        return tag;
      },
    },
    authors: {
      list: async () => authors,
      async find(slug) {
        const author = authors.find((candidate) => candidate.slug === slug);
        if (!author) throw new BroadsheetError('author_not_found', 'No such author.');
        return author;
      },
    },
  };
}
