/** The pages for readers: a Fastify plugin over the blog's services. */
import type { FastifyInstance, RouteOptions } from 'fastify';
import type { MeaningfulQuery } from '../http/cache-key.ts';
import { errorHandler, notFoundHandler } from './failures.ts';
import type { SiteContext } from './pages.ts';
import type { SitePorts } from './ports.ts';
import { registerArchiveRoutes } from './routes/archive.ts';
import { registerAssetRoutes } from './routes/assets.ts';
import { registerFeedRoutes } from './routes/feeds.ts';
import { oldPostParameters, registerListRoutes } from './routes/lists.ts';
import { registerPostRoutes } from './routes/post.ts';
import { registerSearchRoutes, searchParameters } from './routes/search.ts';
import { registerSitemapRoutes } from './routes/sitemap.ts';
import { loadTheme } from './theme/theme.ts';

/**
 * Adds the reader pages, feeds and theme assets to `app`, and answers whatever no other route knows.
 *
 * @example await registerSite(app, { config, origin, posts, tags, authors });
 * @returns the theme's version, which changes with any of its files
 * @throws OperatorError when the theme has a mistake.
 */
export async function registerSite(
  app: FastifyInstance,
  ports: SitePorts,
): Promise<{ themeVersion: string }> {
  const theme = await loadTheme(ports.config.site.theme);
  const context: SiteContext = { ...ports, theme };
  app.setNotFoundHandler(notFoundHandler(context));
  await app.register(async (site) => {
    site.setErrorHandler(errorHandler(context));
    site.addHook('onRoute', markAsPublic);
    registerListRoutes(site, context);
    registerPostRoutes(site, context);
    registerArchiveRoutes(site, context);
    registerSearchRoutes(site, context);
    registerFeedRoutes(site, context);
    registerSitemapRoutes(site, context);
    registerAssetRoutes(site, context);
  });
  return { themeVersion: theme.version };
}

/** Query parameters that lead to another answer, by route. */
const meaningful: Readonly<Record<string, MeaningfulQuery>> = {
  '/': oldPostParameters,
  '/archive/': ['after'],
  '/search': searchParameters,
};

/** Pages and feeds are the same for everybody; what the query says beside a search is the reader's own affair. */
function markAsPublic(route: RouteOptions): void {
  if (route.url.startsWith('/assets/') || route.url === '/favicon.ico') return;
  route.config = { ...route.config, publicCache: { query: meaningful[route.url] ?? [], isPage: true } };
}
