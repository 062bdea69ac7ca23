/** Atom 1.0 (RFC 4287). */
import { createHash } from 'node:crypto';
import type { Feed, FeedItem } from './feed.ts';
import { xmlElement, xmlText } from './xml.ts';

export function writeAtom(feed: Feed): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${xmlText(feed.language)}">
${xmlElement('id', feedId(feed.homeUrl))}${xmlElement('title', feed.title)}${xmlElement('subtitle', feed.description)}${xmlElement('updated', feed.updatedAt)}<link rel="self" type="application/atom+xml" href="${xmlText(feed.url)}"/>
<link rel="alternate" type="text/html" href="${xmlText(feed.homeUrl)}"/>
<author>${xmlElement('name', feed.title)}</author>
<generator>Broadsheet</generator>
${feed.items.map(writeEntry).join('')}</feed>
`;
}

function writeEntry(item: FeedItem): string {
  return `<entry>
${xmlElement('id', item.id)}${titleElement(item)}<link rel="alternate" type="text/html" href="${xmlText(item.url)}"/>
${item.externalUrl === null ? '' : `<link rel="related" href="${xmlText(item.externalUrl)}"/>\n`}${xmlElement('published', item.publishedAt)}${xmlElement('updated', item.updatedAt)}<author>
${xmlElement('name', item.author.name)}${xmlElement('uri', item.author.url)}</author>
${item.tags.map((tag) => `<category term="${xmlText(tag)}"/>\n`).join('')}${xmlElement('summary', item.summary)}<content type="html" xml:base="${xmlText(item.url)}">${xmlText(item.html)}</content>
</entry>
`;
}

/** An entry must have a title, even an empty one. */
function titleElement(item: FeedItem): string {
  return `<title>${xmlText(item.title)}</title>\n`;
}

/** The blog has no UUID of its own: a name-based one (RFC 9562, version 8 over SHA-256) from its address is stable. */
function feedId(homeUrl: string): string {
  const digest = createHash('sha256').update(homeUrl).digest();
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x80, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString('hex', 0, 16);
  return `urn:uuid:${hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}`;
}
