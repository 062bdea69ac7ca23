/** The start page: posts by status, with search and paging. */
import type { FastifyInstance } from 'fastify';
import type { PostListQuery } from '../../blog/posts/schemas.ts';
import { type AdminContext, sendPage } from '../pages.ts';

const PAGE_SIZE = 25;
/** As far as lists can be skipped through; beyond that, search. */
const LAST_PAGE = 10_000 / PAGE_SIZE;

const tabs = [
  { name: 'all', label: 'All posts', query: { status: 'any' } },
  { name: 'published', label: 'Published', query: { status: 'published' } },
  { name: 'drafts', label: 'Drafts', query: { status: 'draft' } },
  { name: 'scheduled', label: 'Scheduled', query: { status: 'scheduled' } },
  { name: 'pages', label: 'Pages', query: { status: 'any', type: 'page' } },
] as const satisfies { name: string; label: string; query: PostListQuery }[];

interface ListParams {
  Querystring: { show?: unknown; q?: unknown; page?: unknown };
}

export function registerPostListRoutes(app: FastifyInstance, context: AdminContext): void {
  app.get<ListParams>('/', { prefixTrailingSlash: 'slash' }, async (request, reply) => {
    const { principal } = request;
    const tab = tabs.find(({ name }) => name === request.query.show) ?? tabs[0];
    const q = typeof request.query.q === 'string' ? request.query.q.trim().slice(0, 200) : '';
    const number = pageNumber(request.query.page);
    // Published posts are everybody's to list; an author's own are what belongs here.
    const own = principal.role === 'author' ? { author: principal.authorSlug ?? '' } : {};
    const query = {
      ...tab.query,
      ...own,
      ...(q ? { q } : {}),
      limit: PAGE_SIZE,
      offset: (number - 1) * PAGE_SIZE,
    };
    const [list, ...totals] = await Promise.all([
      context.posts.list(query, principal),
      ...tabs.map(async (each) => {
        const { total } = await context.posts.list({ ...each.query, ...own, limit: 1 }, principal);
        return { name: each.name, label: each.label, total, isCurrent: each === tab };
      }),
    ]);
    const pages = Math.min(Math.ceil(list.total / PAGE_SIZE), LAST_PAGE);
    return sendPage(context, request, reply, 'posts', {
      title: tab.label,
      section: 'posts',
      model: {
        posts: list.posts,
        tabs: totals,
        show: tab.name,
        q,
        total: list.total,
        paging: {
          number,
          pages,
          newer: number > 1 ? pageAddress(tab.name, q, number - 1) : null,
          older: number < pages ? pageAddress(tab.name, q, number + 1) : null,
        },
      },
    });
  });
}

function pageNumber(page: unknown): number {
  const number = typeof page === 'string' && /^\d{1,4}$/.test(page) ? Number(page) : 1;
  return Math.min(Math.max(number, 1), LAST_PAGE);
}

function pageAddress(show: string, q: string, page: number): string {
  return `/admin/?${new URLSearchParams({ show, ...(q ? { q } : {}), page: String(page) })}`;
}
