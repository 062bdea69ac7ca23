import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import RssParser from 'rss-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillBlog, startBlog, type TestBlog } from './blog.ts';

const sitemapSchema = join(
  dirname(createRequire(import.meta.url).resolve('sitemap/package.json')),
  'schema/sitemap.xsd',
);
const hasXmllint = spawnSync('xmllint', ['--version']).status === 0;

let site: TestBlog;
beforeAll(async () => {
  site = await startBlog({ url: 'https://blog.example' });
  await fillBlog(site.blog);
});
afterAll(() => site[Symbol.asyncDispose]());

const get = (url: string, accept = 'text/html') => site.blog.http.inject({ url, headers: { accept } });
const linksIn = (html: string) => [...html.matchAll(/href="([^"]+)"/g)].map((match) => match[1]);

describe('pages', () => {
  it.each([
    ['/', 'Everything &lt;/script&gt; &amp; &#34;more&#34;'],
    ['/page/2/', 'Day 2'],
    ['/everything/', 'A first-level heading'],
    ['/about/', 'About this blog.'],
    ['/tag/diary/', 'Everything'],
    ['/tag/diary/page/2/', 'Day 1'],
    ['/author/a-diarist/', '12 posts'],
    ['/author/a-diarist/page/2/', 'Day 1'],
    ['/archive/', 'January 2026'],
    ['/search', 'Search the blog'],
    ['/search?q=happened', 'results for'],
    ['/search?q=zebra', 'Nothing found'],
    [`/search?q=${encodeURIComponent('"\'<b> AND (')}`, '&lt;b&gt;'],
  ])('%s shows %s', async (url, text) => {
    const response = await get(url);
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(response.body).toContain(text);
  });

  it('lead from one to the next', async () => {
    expect(linksIn((await get('/')).body)).toContain('/page/2/');
    const second = (await get('/page/2/')).body;
    expect(second).toContain('<link rel="prev" href="/">');
    expect(second).not.toContain('rel="next"');
  });

  it('of the archive go on by cursor where numbers end', async () => {
    const { next } = await site.blog.posts.list({ limit: 5 });
    const { body, statusCode } = await get(`/archive/?after=${encodeURIComponent(next ?? '')}`);
    expect(statusCode).toBe(200);
    expect(body).toContain('>Day 1<');
    expect(body).not.toContain('>Day 11<');
    expect((await get('/archive/?after=made-up')).statusCode).toBe(400);
  });

  it('answer HEAD without a body', async () => {
    const response = await site.blog.http.inject({ method: 'HEAD', url: '/everything/' });
    expect(response.statusCode).toBe(200);
    expect(response.body).toBe('');
  });

  it('obey the Content-Security-Policy: nothing inline', async () => {
    for (const url of ['/', '/everything/', '/archive/', '/search', '/nope/']) {
      const { body, headers } = await get(url);
      expect(headers['content-security-policy']).not.toContain('unsafe-inline');
      expect(body).not.toMatch(/<script(?! type="application\/ld\+json">)|<style|\sstyle="|\son\w+="/);
    }
  });

  it('carry metadata that a title cannot break out of', async () => {
    const { body } = await get('/everything/');
    const data = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(body)?.[1] ?? '';
    expect(JSON.parse(data)['@graph'][0]).toMatchObject({
      '@type': 'BlogPosting',
      headline: 'Everything </script> & "more"',
      url: 'https://blog.example/everything/',
    });
    expect(body).toContain('<link rel="canonical" href="https://blog.example/everything/">');
    expect(body).toContain('<meta property="og:image" content="https://blog.example/favicon.ico">');
    expect(body).toContain('<meta name="description" content="A written excerpt.">');
  });

  it('have an outline without gaps below one h1', async () => {
    const levels = [...(await get('/everything/')).body.matchAll(/<h([1-6])/g)].map((match) =>
      Number(match[1]),
    );
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, index) => {
      expect(level).toBeLessThanOrEqual((levels[index - 1] ?? 0) + 1);
    });
  });
});

describe('old addresses', () => {
  it('of a renamed post lead to the new one', async () => {
    const { posts } = site.blog;
    const post = await posts.create({ title: 'First name', content: 'x', tags: ['Renamed'] });
    await posts.update(post.id, { slug: 'second-name' });
    for (const url of ['/first-name/', '/first-name']) {
      const response = await get(url);
      expect(response.statusCode).toBe(301);
      expect(response.headers.location).toBe('/second-name/');
    }
    await posts.delete(post.id);
    expect((await get('/first-name/')).statusCode).toBe(404);
  });

  it('of an imported post lead to it, whatever their depth', async () => {
    await site.blog.posts.importBatch([
      {
        source: 'test:1',
        type: 'post',
        status: 'published',
        title: 'Imported',
        content: 'x',
        format: 'markdown',
        publishedAt: '2019-05-01T00:00:00.000Z',
        tags: [],
        redirectFrom: ['/2019/05/imported-post/'],
      },
    ]);
    for (const url of ['/2019/05/imported-post/', '/2019/05/imported-post']) {
      const response = await get(url);
      expect(response.statusCode).toBe(301);
      expect(response.headers.location).toBe('/imported/');
    }
  });
});

describe('what is not published', () => {
  it.each(['text/html', 'application/json'])('is as absent as what never was (%s)', async (accept) => {
    const without = (text: string) => text.replace(/"requestId":"[^"]+"/, '');
    const [draft, never] = await Promise.all([get('/secret/', accept), get('/never/', accept)]);
    expect(draft.statusCode).toBe(404);
    expect(without(draft.body)).toBe(without(never.body));
    expect((await get('/tag/hidden/', accept)).statusCode).toBe(404);
  });

  it('is in no list, feed or sitemap', async () => {
    for (const url of [
      '/',
      '/archive/',
      '/search?q=yet',
      '/rss.xml',
      '/atom.xml',
      '/feed.json',
      '/sitemap.xml',
    ]) {
      expect((await get(url)).body).not.toMatch(/secret/i);
    }
  });

  it('is told as problem details to programs', async () => {
    const response = await get('/no/such/path', 'application/json');
    expect(response.statusCode).toBe(404);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json()).toMatchObject({ code: 'not_found', status: 404 });
  });
});

describe('feeds', () => {
  const url = 'https://blog.example/everything/';

  it('are read alike by two parsers', async () => {
    const [rss, atom] = await Promise.all([get('/rss.xml'), get('/atom.xml')]);
    expect(rss.headers['content-type']).toBe('application/rss+xml; charset=utf-8');
    expect(atom.headers['content-type']).toBe('application/atom+xml; charset=utf-8');
    const titles = [
      parseRssFeed(rss.body).items?.map((item) => item.title),
      parseAtomFeed(atom.body).entries?.map((entry) => entry.title?.value),
      (await new RssParser().parseString(rss.body)).items.map((item) => item.title),
      (await new RssParser().parseString(atom.body)).items.map((item) => item.title),
      parseJsonFeed((await get('/feed.json')).json()).items?.map((item) => item.title),
    ];
    for (const list of titles) {
      expect(list).toEqual(titles[0]);
      expect(list).toContain('Everything </script> & "more"');
    }
  });

  it('have whole posts, whose addresses work elsewhere', async () => {
    const items = parseRssFeed((await get('/rss.xml')).body).items ?? [];
    const html = items.find((item) => item.link === url)?.content?.encoded ?? '';
    expect(html).toContain('<a href="https://blog.example/second/"');
    expect(html).toContain('src="https://blog.example/favicon.ico"');
    expect(html).toContain(`href="${url}#`);
  });

  it('are named by the pages', async () => {
    const links = linksIn((await get('/')).body);
    for (const feed of ['/rss.xml', '/atom.xml', '/feed.json']) expect(links).toContain(feed);
  });
});

describe('for crawlers', () => {
  it('the sitemap has every page once', async () => {
    const { body } = await get('/sitemap.xml');
    const locations = [...body.matchAll(/<loc>https:\/\/blog\.example(.*?)<\/loc>/g)].map(
      (match) => match[1],
    );
    expect(locations).toEqual(
      expect.arrayContaining(['/', '/everything/', '/about/', '/tag/diary/', '/day-1/']),
    );
    expect(new Set(locations).size).toBe(locations.length);
    for (const path of locations) expect((await get(path ?? '')).statusCode).toBe(200);
  });

  it.skipIf(!hasXmllint)('the sitemap follows its schema (needs xmllint)', async () => {
    const { body } = await get('/sitemap.xml');
    const { status, stderr } = spawnSync('xmllint', ['--noout', '--schema', sitemapSchema, '-'], {
      input: body,
    });
    expect(stderr.toString()).toContain('validates');
    expect(status).toBe(0);
  });

  it('robots.txt names the sitemap', async () => {
    expect((await get('/robots.txt')).body).toContain('Sitemap: https://blog.example/sitemap.xml');
  });
});

describe('a blog without a post', () => {
  it('tells what to do next, and asks not to be indexed', async () => {
    await using empty = await startBlog();
    const { body, statusCode } = await empty.blog.http.inject('/');
    expect(statusCode).toBe(200);
    expect(body).toContain('href="/admin/"');
    expect(body).toContain('broadsheet import markdown');
    expect(body).toContain(`curl http://127.0.0.1:${empty.blog.config.http.port}/posts`);
    expect(body).toContain('<meta name="robots" content="noindex">');
    for (const url of ['/archive/', '/search', '/rss.xml', '/atom.xml', '/feed.json', '/sitemap.xml']) {
      expect((await empty.blog.http.inject(url)).statusCode).toBe(200);
    }
  });
});
