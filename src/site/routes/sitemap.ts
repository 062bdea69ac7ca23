/** The sitemap, in one file up to 50,000 addresses and behind an index beyond, and robots.txt. */
import type { FastifyInstance } from 'fastify';
import { paths } from '../address.ts';
import { type SitemapUrl, sitemapSize, writeSitemap, writeSitemapIndex } from '../feeds/sitemap.ts';
import { pageNotFound, reader, type SiteContext } from '../pages.ts';

const contentType = 'application/xml; charset=utf-8';

interface FileParams {
  Params: { number: string };
}

export function registerSitemapRoutes(
  app: FastifyInstance,
  context: SiteContext,
  size: number = sitemapSize,
): void {
  app.get('/sitemap.xml', async (_request, reply) => {
    const address = context.origin.value;
    const files = Math.ceil((await countAddresses()) / size);
    const body =
      files <= 1
        ? writeSitemap(await addresses(address, 1))
        : writeSitemapIndex(
            Array.from({ length: files }, (_, index) => `${address}/sitemap-${index + 1}.xml`),
          );
    return reply.type(contentType).send(body);
  });

  app.get<FileParams>('/sitemap-:number(^[1-9]\\d{0,4}$).xml', async (request, reply) => {
    const urls = await addresses(context.origin.value, Number(request.params.number));
    if (urls.length === 0) throw pageNotFound();
    return reply.type(contentType).send(writeSitemap(urls));
  });

  app.get('/robots.txt', (_request, reply) => {
    const address = context.origin.value;
    return reply
      .type('text/plain; charset=utf-8')
      .send(`User-agent: *\nDisallow: /admin/\n\nSitemap: ${address}/sitemap.xml\n`);
  });

  async function countAddresses(): Promise<number> {
    const [lists, posts, pages] = await Promise.all([
      listAddresses(),
      context.posts.list({ type: 'post', limit: 1 }, reader),
      context.posts.list({ type: 'page', limit: 1 }, reader),
    ]);
    return lists.length + posts.total + pages.total;
  }

  /** @param file From 1. */
  async function addresses(site: string, file: number): Promise<SitemapUrl[]> {
    const first = (file - 1) * size;
    const urls: SitemapUrl[] = [];
    let index = 0;
    for await (const { path, lastModified } of everyAddress()) {
      if (index >= first + size) break;
      if (index >= first) urls.push({ location: site + path, ...(lastModified ? { lastModified } : {}) });
      index += 1;
    }
    return urls;
  }

  async function* everyAddress(): AsyncGenerator<{ path: string; lastModified?: string }> {
    for (const path of await listAddresses()) yield { path };
    for await (const { slug, updatedAt } of context.posts.sitemapEntries()) {
      yield { path: paths.post(slug), lastModified: updatedAt };
    }
  }

  /** What lists posts: only where there are any, because empty pages are not to be indexed. */
  async function listAddresses(): Promise<string[]> {
    const [tags, authors] = await Promise.all([context.tags.list(), context.authors.list()]);
    return [
      paths.home(),
      paths.archive(),
      ...tags.filter((tag) => tag.posts > 0).map((tag) => paths.tag(tag.slug)),
      ...authors.filter((author) => author.posts > 0).map((author) => paths.author(author.slug)),
    ];
  }
}
