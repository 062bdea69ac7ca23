/** Sitemaps (sitemaps.org/protocol.html). */
import { xmlElement } from './xml.ts';

/** The protocol's limit for one file. */
export const sitemapSize = 50_000;

export interface SitemapUrl {
  /** Absolute. */
  location: string;
  /** RFC 3339; absent for pages that change with others. */
  lastModified?: string;
}

const namespace = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';

export function writeSitemap(urls: readonly SitemapUrl[]): string {
  const entries = urls.map(({ location, lastModified }) => {
    return `<url>${xmlElement('loc', location)}${xmlElement('lastmod', lastModified ?? '')}</url>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset ${namespace}>\n${entries.join('')}</urlset>\n`;
}

/** @param locations Absolute addresses of the sitemaps. */
export function writeSitemapIndex(locations: readonly string[]): string {
  const entries = locations.map((location) => `<sitemap>${xmlElement('loc', location)}</sitemap>\n`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex ${namespace}>\n${entries.join('')}</sitemapindex>\n`;
}
