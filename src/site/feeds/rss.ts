/** RSS 2.0 (rssboard.org/rss-specification), with the content and Dublin Core modules. */
import type { Feed, FeedItem } from './feed.ts';
import { xmlElement, xmlText } from './xml.ts';

export function writeRss(feed: Feed): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
${xmlElement('title', feed.title)}${xmlElement('link', feed.homeUrl)}${xmlElement('description', feed.description)}${xmlElement('language', feed.language)}${xmlElement('lastBuildDate', httpDate(feed.updatedAt))}<atom:link href="${xmlText(feed.url)}" rel="self" type="application/rss+xml"/>
<docs>https://www.rssboard.org/rss-specification</docs>
<generator>Broadsheet</generator>
${feed.items.map(writeItem).join('')}</channel>
</rss>
`;
}

function writeItem(item: FeedItem): string {
  return `<item>
${xmlElement('title', item.title)}${xmlElement('link', item.url)}<guid isPermaLink="false">${xmlText(item.id)}</guid>
${xmlElement('pubDate', httpDate(item.publishedAt))}${xmlElement('dc:creator', item.author.name)}${item.tags.map((tag) => xmlElement('category', tag)).join('')}${xmlElement('description', item.summary)}${xmlElement('content:encoded', item.html)}</item>
`;
}

/** RFC 822 with a four-digit year, which is what RSS asks for. */
function httpDate(iso: string): string {
  return new Date(iso).toUTCString();
}
