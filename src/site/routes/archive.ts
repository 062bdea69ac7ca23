/** The archive: every post's title under its month, and where each year begins. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
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
import { pageCount, presentPagination } from '../presenters/pagination.ts';

const pageSize = 100;
const topicCount = 30;

interface NumberedParams {
  Params: { number: string };
}

export function registerArchiveRoutes(app: FastifyInstance, context: SiteContext): void {
  app.get('/archive/', (request, reply) => archive(request, reply, 1));
  app.get('/archive', (request, reply) => redirectPermanently(request, reply, paths.archive()));
  app.get<NumberedParams>('/archive/page/:number/', (request, reply) => {
    const page = pageNumber(request.params.number);
    return page === 1 ? redirectPermanently(request, reply, paths.archive()) : archive(request, reply, page);
  });
  app.get<NumberedParams>('/archive/page/:number', (request, reply) =>
    redirectPermanently(request, reply, paths.archive(pageNumber(request.params.number))),
  );

  async function archive(request: FastifyRequest, reply: FastifyReply, page: number) {
    if (page > pageCount(Number.MAX_SAFE_INTEGER, pageSize)) throw pageNotFound();
    const [site, { posts, total }, years, tags] = await Promise.all([
      siteAround(context, request),
      context.posts.list({ type: 'post', limit: pageSize, offset: (page - 1) * pageSize }, reader),
      context.posts.archive(),
      context.tags.list(),
    ]);
    if (page > pageCount(total, pageSize)) throw pageNotFound();
    const pagination = presentPagination(page, pageSize, total, paths.archive);
    return sendPage(reply, context, 'archive', {
      site,
      page: presentListPage(site, {
        name: 'Archive',
        description: `Every post of ${site.title}, by date`,
        path: paths.archive(page),
        pagination,
      }),
      years: presentArchiveYears(years, pageSize),
      months: presentArchiveMonths(posts),
      topics: presentTopics(tags),
      pagination,
    });
  }
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
