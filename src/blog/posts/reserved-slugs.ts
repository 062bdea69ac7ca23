/** Names that mean something else at the root of the site, and so can't be the address of a post. */
const reserved = new Set([
  'admin',
  'api',
  'archive',
  'assets',
  'author',
  'authors',
  'docs',
  'favicon.ico',
  'favicon.svg',
  'feed',
  'feed.json',
  'atom.xml',
  'health',
  'login',
  'logout',
  'media',
  'metrics',
  'openapi.json',
  'page',
  'posts',
  'robots.txt',
  'rss.xml',
  'search',
  'sitemap.xml',
  'static',
  'tag',
  'tags',
  'well-known',
]);

/** Also every sitemap-N.xml, which exist as the blog grows. */
export function isReservedSlug(slug: string): boolean {
  return reserved.has(slug) || /^sitemap-\d+\.xml$/.test(slug);
}
