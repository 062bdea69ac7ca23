/** The home page, and the lists of a tag and of an author, all of them paged. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { PostListQuery } from '../../blog/posts/schemas.ts';
import { firstValues, type QueryValues } from '../../http/cache-key.ts';
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
import type { SiteAuthor, SiteTag } from '../ports.ts';
import { presentListPage } from '../presenters/page.ts';
import { type PaginationView, pageCount, presentPagination } from '../presenters/pagination.ts';
import { type PostCardView, presentPostCard } from '../presenters/posts.ts';

const pageSize = 10;

interface NumberedParams {
  Params: { number: string };
}
interface SlugParams {
  Params: { slug: string };
}
interface NumberedSlugParams {
  Params: { slug: string; number: string };
}

/**
 * WordPress' plain permalinks, `/?p=12`: an import keeps them as paths that lead to the post.
 *
 * @returns the first that the query has; other queries are the home page's own
 */
export function oldPostParameters(query: QueryValues): Record<string, string> {
  for (const name of ['p', 'page_id']) {
    const id = query[name];
    if (id !== undefined && /^\d{1,10}$/.test(id)) return { [name]: id };
  }
  return {};
}

export function registerListRoutes(app: FastifyInstance, context: SiteContext): void {
  app.get('/', async (request, reply) => {
    const [old] = Object.entries(oldPostParameters(firstValues(request.query)));
    if (old === undefined) return home(reply, 1);
    const path = await context.posts.resolveRedirect(`/?${old[0]}=${old[1]}`);
    // Not the home page: it would have as many addresses as there are numbers.
    if (path === null) throw pageNotFound();
    return reply.redirect(encodeURI(path), 301);
  });
  app.get<NumberedParams>('/page/:number/', (request, reply) => {
    const page = pageNumber(request.params.number);
    return page === 1 ? redirectPermanently(request, reply, paths.home()) : home(reply, page);
  });
  app.get<NumberedParams>('/page/:number', (request, reply) =>
    redirectPermanently(request, reply, paths.home(pageNumber(request.params.number))),
  );
  registerNamedList('tag', paths.tag, tag);
  registerNamedList('author', paths.author, author);

  async function home(reply: FastifyReply, page: number): Promise<FastifyReply> {
    const [site, list] = await Promise.all([siteAround(context), readPage({}, page, paths.home)]);
    const { description } = context.config.site;
    const view = presentListPage(site, {
      name: null,
      description,
      path: paths.home(page),
      pagination: list.pagination,
    });
    return sendPage(reply, context, 'home', { site, page: view, ...list });
  }

  async function tag(reply: FastifyReply, slug: string, page: number) {
    const found = await context.tags.find(slug);
    const [site, list] = await Promise.all([
      siteAround(context),
      readPage({ tag: found.slug }, page, (number) => paths.tag(found.slug, number)),
    ]);
    const view = presentListPage(site, {
      name: found.name,
      description: found.description ?? `Posts about ${found.name}`,
      path: paths.tag(found.slug, page),
      pagination: list.pagination,
    });
    return sendPage(reply, context, 'tag', { site, page: view, tag: presentTag(found), ...list });
  }

  async function author(reply: FastifyReply, slug: string, page: number) {
    const found = await context.authors.find(slug);
    const [site, list] = await Promise.all([
      siteAround(context),
      readPage({ author: found.slug }, page, (number) => paths.author(found.slug, number)),
    ]);
    const view = presentListPage(site, {
      name: found.name,
      description: found.bio ?? `Posts by ${found.name}`,
      path: paths.author(found.slug, page),
      image: found.image,
      pagination: list.pagination,
    });
    return sendPage(reply, context, 'author', { site, page: view, author: presentAuthor(found), ...list });
  }

  function registerNamedList(
    prefix: string,
    pathOf: (slug: string, page?: number) => string,
    show: (reply: FastifyReply, slug: string, page: number) => Promise<FastifyReply>,
  ): void {
    app.get<SlugParams>(`/${prefix}/:slug/`, (request, reply) => show(reply, request.params.slug, 1));
    app.get<SlugParams>(`/${prefix}/:slug`, (request, reply) =>
      redirectPermanently(request, reply, pathOf(request.params.slug)),
    );
    app.get<NumberedSlugParams>(`/${prefix}/:slug/page/:number/`, (request, reply) => {
      const page = pageNumber(request.params.number);
      return page === 1
        ? redirectPermanently(request, reply, pathOf(request.params.slug))
        : show(reply, request.params.slug, page);
    });
    app.get<NumberedSlugParams>(`/${prefix}/:slug/page/:number`, (request, reply) =>
      redirectPermanently(request, reply, pathOf(request.params.slug, pageNumber(request.params.number))),
    );
  }

  async function readPage(
    filter: Pick<PostListQuery, 'tag' | 'author'>,
    page: number,
    pathOf: (page: number) => string,
  ): Promise<{ posts: PostCardView[]; pagination: PaginationView }> {
    if (page > pageCount(Number.MAX_SAFE_INTEGER, pageSize)) throw pageNotFound();
    const query = { ...filter, type: 'post' as const, limit: pageSize, offset: (page - 1) * pageSize };
    const { posts, total } = await context.posts.list(query, reader);
    if (page > pageCount(total, pageSize)) throw pageNotFound();
    return {
      posts: posts.map(presentPostCard),
      pagination: presentPagination(page, pageSize, total, pathOf),
    };
  }
}

function presentTag({ name, description, posts }: SiteTag) {
  return { name, description, posts };
}

function presentAuthor({ name, bio, image, website, posts }: SiteAuthor) {
  return { name, bio, image, website, posts };
}
