/** The pages for readers: a Fastify plugin over the blog's services. */
import type { FastifyInstance } from 'fastify';
import { errorHandler, notFoundHandler } from './failures.ts';
import type { SiteContext } from './pages.ts';
import type { SitePorts } from './ports.ts';
import { registerArchiveRoutes } from './routes/archive.ts';
import { registerAssetRoutes } from './routes/assets.ts';
import { registerFeedRoutes } from './routes/feeds.ts';
import { registerListRoutes } from './routes/lists.ts';
import { registerPostRoutes } from './routes/post.ts';
import { registerSearchRoutes } from './routes/search.ts';
import { registerSitemapRoutes } from './routes/sitemap.ts';
import { loadTheme } from './theme/theme.ts';

/**
 * Adds the reader pages, feeds and theme assets to `app`, and answers whatever no other route knows.
 *
 * @example await registerSite(app, { config, posts, tags, authors });
 * @throws OperatorError when the theme has a mistake.
 */
export async function registerSite(app: FastifyInstance, ports: SitePorts): Promise<void> {
  const context: SiteContext = { ...ports, theme: await loadTheme(ports.config.site.theme) };
  app.setNotFoundHandler(notFoundHandler(context));
  await app.register(async (site) => {
    site.setErrorHandler(errorHandler(context));
    registerListRoutes(site, context);
    registerPostRoutes(site, context);
    registerArchiveRoutes(site, context);
    registerSearchRoutes(site, context);
    registerFeedRoutes(site, context);
    registerSitemapRoutes(site, context);
    registerAssetRoutes(site, context);
  });
}
