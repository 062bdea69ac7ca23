/** The archive: every post's title under its month, and where each year begins. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { PostSummary } from '../../blog/posts/post.ts';
import { paths } from '../address.ts';
import {
  pageNotFound,
  pageNumber,
  reader,
  redirectPermanently,
  type SiteContext,
  sendPage,
  siteAround,
} from '../pages.ts';
import type { SiteTag } from '../ports.ts';
import { presentArchiveMonths, presentArchiveYears } from '../presenters/archive.ts';
import { presentListPage } from '../presenters/page.ts';
import { type PaginationView, pageCount, presentPagination } from '../presenters/pagination.ts';

const pageSize = 100;
const topicCount = 30;

interface NumberedParams {
  Params: { number: string };
}
interface CursorQuery {
  Querystring: Record<string, string | string[] | undefined>;
}

/** One page of the archive: by its number, or by the cursor of the page before where numbers end. */
type Place = { page: number } | { after: string };

export function registerArchiveRoutes(app: FastifyInstance, context: SiteContext): void {
  app.get<CursorQuery>('/archive/', (request, reply) => {
    const { after } = request.query;
    return archive(reply, typeof after === 'string' ? { after } : { page: 1 });
  });
  app.get('/archive', (request, reply) => redirectPermanently(request, reply, paths.archive()));
  app.get<NumberedParams>('/archive/page/:number/', (request, reply) => {
    const page = pageNumber(request.params.number);
    return page === 1 ? redirectPermanently(request, reply, paths.archive()) : archive(reply, { page });
  });
  app.get<NumberedParams>('/archive/page/:number', (request, reply) =>
    redirectPermanently(request, reply, paths.archive(pageNumber(request.params.number))),
  );

  async function archive(reply: FastifyReply, place: Place) {
    const [site, { posts, pagination }, years, tags] = await Promise.all([
      siteAround(context),
      readPage(place),
      context.posts.archive(),
      context.tags.list(),
    ]);
    const page = presentListPage(site, {
      name: 'Archive',
      description: `Every post of ${site.title}, by date`,
      path: 'page' in place ? paths.archive(place.page) : paths.archiveAfter(place.after),
      pagination,
    });
    return sendPage(reply, context, 'archive', {
      site,
      page,
      years: presentArchiveYears(years, pageSize),
      months: presentArchiveMonths(posts),
      topics: presentTopics(tags),
      pagination,
    });
  }

  function readPage(place: Place): Promise<ArchivePage> {
    return 'page' in place ? readNumbered(place.page) : readAfter(place.after);
  }

  async function readNumbered(page: number): Promise<ArchivePage> {
    const lastPage = pageCount(Number.MAX_SAFE_INTEGER, pageSize);
    if (page > lastPage) throw pageNotFound();
    const query = { type: 'post' as const, limit: pageSize, offset: (page - 1) * pageSize };
    const { posts, total, next } = await context.posts.list(query, reader);
    if (page > pageCount(total, pageSize)) throw pageNotFound();
    const pagination = presentPagination(page, pageSize, total, paths.archive);
    const goesOn = page === lastPage && next !== null;
    return {
      posts,
      pagination: goesOn ? { ...pagination, olderUrl: paths.archiveAfter(next) } : pagination,
    };
  }

  async function readAfter(after: string): Promise<ArchivePage> {
    const { posts, total, next } = await context.posts.list({ type: 'post', limit: pageSize, after }, reader);
    const pagination = {
      page: null,
      pages: pageCount(total, pageSize),
      total,
      newerUrl: paths.archive(),
      olderUrl: next === null ? null : paths.archiveAfter(next),
    };
    return { posts, pagination };
  }
}

interface ArchivePage {
  posts: PostSummary[];
  pagination: PaginationView;
}

/** The tags with the most posts, by name. */
function presentTopics(tags: readonly SiteTag[]) {
  return tags
    .filter((tag) => tag.posts > 0)
    .sort((a, b) => b.posts - a.posts)
    .slice(0, topicCount)
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))
    .map(({ name, slug, posts }) => ({ name, url: paths.tag(slug), posts }));
}
