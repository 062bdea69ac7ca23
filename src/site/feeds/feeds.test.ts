import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import RssParser from 'rss-parser';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { makePost } from '../../../test/site/memory-blog.ts';
import { presentSite } from '../presenters/site.ts';
import { writeAtom } from './atom.ts';
import { makeFeed } from './feed.ts';
import { writeJsonFeed } from './json.ts';
import { writeRss } from './rss.ts';
import { writeSitemap, writeSitemapIndex } from './sitemap.ts';

const site = presentSite({ title: 'Ink & <Paper>', description: '' }, 'https://blog.example', []);
const post = makePost(
  {
    slug: 'hello',
    title: 'Tom & Jerry </title> ]]> \u0000\uFFFE\uD800',
    html: '<p>]]> <a href="/x?a=1&amp;b=2">x</a> <img src="pic.png" alt=""> \u0008😀</p>',
    excerpt: 'a < b && c > d',
    tags: [{ slug: 'c-sharp', name: 'C# & co' }],
    author: { slug: 'a-b', name: 'A & B' },
    canonicalUrl: 'https://first.example/?a=1&b=2',
    featureImage: '/pic.png',
    publishedAt: '2026-02-03T04:05:06.789Z',
    updatedAt: '2026-03-03T04:05:06.789Z',
  },
  7,
);
const title = 'Tom & Jerry </title> ]]> ';
const html =
  '<p>]]> <a href="https://blog.example/x?a=1&amp;b=2">x</a> <img src="https://blog.example/hello/pic.png" alt=""> 😀</p>';
const id = `urn:uuid:${post.id}`;

function expectWellFormed(xml: string): void {
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
}

describe('RSS', () => {
  const xml = writeRss(makeFeed(site, '/rss.xml', [post]));

  it('is well-formed and read by two parsers alike', async () => {
    expectWellFormed(xml);
    const [first] = parseRssFeed(xml).items ?? [];
    expect(first).toMatchObject({
      title: title.trim(),
      link: 'https://blog.example/hello/',
      guid: { value: id, isPermaLink: false },
      content: { encoded: html },
      dc: { creators: ['A & B'] },
      categories: [{ name: 'C# & co' }],
    });
    const parsed = await new RssParser().parseString(xml);
    expect(parsed).toMatchObject({ title: 'Ink & <Paper>', link: 'https://blog.example/' });
    expect(parsed.items[0]).toMatchObject({
      guid: id,
      isoDate: '2026-02-03T04:05:06.000Z',
      'content:encoded': html,
      creator: 'A & B',
    });
  });

  it('names itself', () => {
    expect(parseRssFeed(xml).atom?.links).toEqual([
      { href: 'https://blog.example/rss.xml', rel: 'self', type: 'application/rss+xml' },
    ]);
  });
});

describe('Atom', () => {
  const xml = writeAtom(makeFeed(site, '/atom.xml', [post]));

  it('is well-formed and read by two parsers alike', async () => {
    expectWellFormed(xml);
    const feed = parseAtomFeed(xml);
    expect(feed.updated).toBe(post.updatedAt);
    expect(feed.entries?.[0]).toMatchObject({
      id,
      title: { value: title.trim() },
      published: post.publishedAt,
      updated: post.updatedAt,
      content: { value: html, type: 'html' },
      authors: [{ name: 'A & B', uri: 'https://blog.example/author/a-b/' }],
      categories: [{ term: 'C# & co' }],
    });
    const parsed = await new RssParser().parseString(xml);
    expect(parsed.items[0]).toMatchObject({ id, link: 'https://blog.example/hello/', author: 'A & B' });
  });

  it('keeps its id while posts come and go, and has one of its own for each address', () => {
    const idOf = (text: string) => parseAtomFeed(text).id;
    const other = presentSite({ title: 'x', description: '' }, 'https://other.example', []);
    expect(idOf(xml)).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(idOf(writeAtom(makeFeed(site, '/atom.xml', [])))).toBe(idOf(xml));
    expect(idOf(writeAtom(makeFeed(other, '/atom.xml', [])))).not.toBe(idOf(xml));
  });
});

describe('JSON Feed', () => {
  it('has what the specification requires', () => {
    const json: unknown = JSON.parse(writeJsonFeed(makeFeed(site, '/feed.json', [post])));
    expect(json).toMatchObject({
      version: 'https://jsonfeed.org/version/1.1',
      feed_url: 'https://blog.example/feed.json',
      items: [{ id, content_html: html, external_url: 'https://first.example/?a=1&b=2', tags: ['C# & co'] }],
    });
    expect(parseJsonFeed(json).items?.[0]).toMatchObject({ id, image: 'https://blog.example/pic.png' });
  });
});

describe('every feed', () => {
  it('is valid without a post', () => {
    const empty = makeFeed(site, '/rss.xml', []);
    expectWellFormed(writeRss(empty));
    expectWellFormed(writeAtom(empty));
    expect(JSON.parse(writeJsonFeed(empty)).items).toEqual([]);
  });
});

describe('sitemaps', () => {
  it('escape addresses and are well-formed', () => {
    const urls = [
      { location: 'https://blog.example/?a=1&b=2', lastModified: '2026-01-01T00:00:00.000Z' },
      { location: 'https://blog.example/' },
    ];
    expectWellFormed(writeSitemap(urls));
    expect(writeSitemap(urls)).toContain('<loc>https://blog.example/?a=1&amp;b=2</loc>');
    expectWellFormed(writeSitemapIndex(['https://blog.example/sitemap-1.xml']));
  });
});
