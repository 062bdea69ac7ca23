/** Full-text search for readers. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { QueryValues } from '../../http/cache-key.ts';
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
import { presentUnindexedPage } from '../presenters/page.ts';
import { pageCount, presentPagination } from '../presenters/pagination.ts';
import { presentPostCard } from '../presenters/posts.ts';

const pageSize = 20;
const longestQuery = 200;

interface SearchQuery {
  Querystring: Record<string, string | string[] | undefined>;
}

export function registerSearchRoutes(app: FastifyInstance, context: SiteContext): void {
  app.get<SearchQuery>('/search', search);
  app.get('/search/', (request, reply) => redirectPermanently(request, reply, '/search'));

  async function search(request: FastifyRequest<SearchQuery>, reply: FastifyReply) {
    const query = toWords(firstOf(request.query['q']));
    const page = pageNumber(firstOf(request.query['page']) || '1');
    if (page > pageCount(Number.MAX_SAFE_INTEGER, pageSize)) throw pageNotFound();
    const [site, { posts, total }] = await Promise.all([siteAround(context), find(query, page)]);
    if (page > pageCount(total, pageSize)) throw pageNotFound();
    return sendPage(reply, context, 'search', {
      site,
      page: presentUnindexedPage(site, query === '' ? 'Search' : `Search: ${query}`, '/search'),
      query,
      posts: posts.map(presentPostCard),
      pagination: presentPagination(page, pageSize, total, (number) => paths.search(query, number)),
    });
  }

  function find(query: string, page: number) {
    if (query === '') return { posts: [], total: 0 };
    return context.posts.list({ q: query, limit: pageSize, offset: (page - 1) * pageSize }, reader);
  }
}

/** What a search shows, in one spelling. */
export function searchParameters({ q = '', page = '' }: QueryValues): Record<string, string> {
  return { q: toWords(q), ...(page === '' || page === '1' ? {} : { page }) };
}

function toWords(text: string): string {
  return text.trim().slice(0, longestQuery).toWellFormed();
}

function firstOf(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? '';
}
