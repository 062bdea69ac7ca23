import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makePost, memoryBlog } from '../../test/site/memory-blog.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { BroadsheetError } from '../errors.ts';
import type { SitePorts } from './ports.ts';
import { registerSitemapRoutes } from './routes/sitemap.ts';
import { registerSite } from './site.ts';
import { loadTheme } from './theme/theme.ts';

const posts = Array.from({ length: 25 }, (_, index) =>
  makePost({ slug: `post-${index}`, title: `Post ${index}`, tags: [{ slug: 'go', name: 'Go' }] }, index),
);

async function start(ports: SitePorts): Promise<FastifyInstance> {
  const app = Fastify();
  onTestFinished(() => app.close());
  await registerSite(app, ports);
  return app;
}

const html = { accept: 'text/html' };

describe('addresses', () => {
  it.each([
    ['/post-1', '/post-1/'],
    ['/post-1?a=b', '/post-1/?a=b'],
    ['/01990000-0000-7000-8000-000000000001/', '/post-1/'],
    ['/archive', '/archive/'],
    ['/archive/page/1/', '/archive/'],
    ['/tag/go', '/tag/go/'],
    ['/tag/go/page/2', '/tag/go/page/2/'],
    ['/tag/go/page/1/', '/tag/go/'],
    ['/author/editor', '/author/editor/'],
    ['/page/1/', '/'],
    ['/page/2', '/page/2/'],
    ['/search/?q=x', '/search?q=x'],
    ['/old', '/post-2/'],
    ['/2019/05/old-name/', '/post-3/'],
    ['/2019/05/old-name', '/post-3/'],
    ['/2019/05/old-name/index.html', '/post-3/'],
    ['/alt-u%CC%88/', '/neu-%C3%BC/'],
    ['/alt-%C3%BC/', '/neu-%C3%BC/'],
    ['/elsewhere/', 'https://other.example/x'],
  ])('%s leads to %s', async (path, target) => {
    const app = await start(
      memoryBlog(posts, undefined, {
        '/old/': '/post-2/',
        '/2019/05/old-name/': '/post-3/',
        '/alt-ü/': '/neu-ü/',
        '/elsewhere/': 'https://other.example/x',
      }),
    );
    const response = await app.inject(path);
    expect(response.statusCode).toBe(301);
    expect(response.headers.location).toBe(target);
  });

  it.each([
    '/nope/',
    '/nope',
    '/page/4/',
    '/page/0/',
    '/page/x/',
    '/page/99999999999/',
    '/tag/gone/',
    '/tag/go/page/9/',
  ])('%s is not found', async (path) => {
    const app = await start(memoryBlog(posts));
    const response = await app.inject({ url: path, headers: html });
    expect(response.statusCode).toBe(404);
    expect(response.body).toContain('There is nothing at this address');
  });

  it('never are those of the request, whose Host anybody may choose', async () => {
    const app = await start(memoryBlog(posts));
    const { body } = await app.inject({ url: '/', headers: { host: 'evil.example' } });
    expect(body).toContain('<link rel="canonical" href="http://127.0.0.1:8000/">');
    expect(body).not.toContain('evil.example');
  });

  it('are those of SITE_URL, where that is set', async () => {
    const app = await start(memoryBlog(posts, { url: 'https://set.example', title: 'T', description: '' }));
    const { body } = await app.inject({ url: '/post-1/', headers: { host: 'other.example' } });
    expect(body).toContain('<link rel="canonical" href="https://set.example/post-1/">');
    expect(body).not.toContain('other.example');
  });
});

describe('what nobody has', () => {
  it('is said in JSON to who asks for JSON', async () => {
    const app = await start(memoryBlog(posts));
    for (const url of ['/nope/', '/not/a/page']) {
      const response = await app.inject({ url, headers: { accept: 'application/json' } });
      expect(response.statusCode).toBe(404);
      expect(response.json()).toMatchObject({ code: 'not_found' });
    }
    expect((await app.inject({ method: 'POST', url: '/not/a/page' })).json()).toMatchObject({
      code: 'not_found',
    });
  });

  it('looks the same as a draft', async () => {
    const app = await start(
      memoryBlog([...posts, makePost({ slug: 'secret', title: 'S', status: 'draft' })]),
    );
    const [draft, nothing] = await Promise.all([app.inject('/secret/'), app.inject('/nothing/')]);
    expect(draft.statusCode).toBe(404);
    expect(draft.body).toBe(nothing.body);
  });
});

describe('when something breaks', () => {
  function broken(error: Error): SitePorts {
    const ports = memoryBlog(posts);
    const fail = () => Promise.reject(error);
    return { ...ports, posts: { ...ports.posts, list: fail, find: fail, resolveRedirect: fail } };
  }

  it.each(['/', '/post-1/', '/no/route', '/search?q=a'])(
    '%s shows the 500 page, without details',
    async (url) => {
      const app = await start(broken(new Error('SELECT secret FROM /var/lib')));
      const response = await app.inject({ url, headers: html });
      expect(response.statusCode).toBe(500);
      expect(response.headers['content-type']).toContain('text/html');
      expect(response.headers['cache-control']).toBe('private, no-store');
      expect(response.body).toContain('Something went wrong');
      expect(response.body).not.toMatch(/SELECT|\/var\/lib/);
    },
  );

  it('keeps the status and headers of a coded error', async () => {
    const headers = { 'retry-after': '5' };
    const app = await start(broken(new BroadsheetError('database_unavailable', 'Down.', { headers })));
    const response = await app.inject({ url: '/', headers: html });
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('5');
  });

  it('still answers when the theme has a broken error page', async () => {
    const { path } = await temporaryFolder({ 'error.liquid': '{% assign n = "gone" %}{% render n %}' });
    const ports = broken(new Error('x'));
    const config = { ...ports.config, site: { ...ports.config.site, theme: path } };
    const app = await start({ ...ports, config });
    const response = await app.inject({ url: '/', headers: html });
    expect(response.statusCode).toBe(500);
    expect(response.body).toMatch(/^Something went wrong/);
  });

  it('shows an error page for an address that is no address', async () => {
    const app = await start(memoryBlog(posts));
    const response = await app.inject({ url: '/search?q=%00&page=abc', headers: html });
    expect(response.statusCode).toBe(404);
  });
});

describe('the archive of a very large blog', () => {
  it('goes from its last numbered page to cursors, so that every post is reached', async () => {
    const ports = memoryBlog(posts);
    const list: SitePorts['posts']['list'] = async ({ offset = 0 }) => ({
      posts: posts.slice(0, 1),
      total: 1_000_000,
      limit: 100,
      offset,
      next: 'a/b',
    });
    const app = await start({ ...ports, posts: { ...ports.posts, list } });
    const olderOf = async (url: string) =>
      /<link rel="next" href="([^"]*)"/.exec((await app.inject(url)).body)?.[1];
    expect(await olderOf('/archive/page/100/')).toBe('/archive/page/101/');
    expect(await olderOf('/archive/page/101/')).toBe('/archive/?after=a%2Fb');
    expect(await olderOf('/archive/?after=x')).toBe('/archive/?after=a%2Fb');
    expect((await app.inject('/archive/page/102/')).statusCode).toBe(404);
  });
});

describe('theme assets', () => {
  it('may be kept forever at the address that pages use, and briefly at any other', async () => {
    const app = await start(memoryBlog(posts));
    const address = /href="(\/assets\/[^"]+style\.css)"/.exec((await app.inject('/')).body)?.[1] ?? '';
    const current = await app.inject(address);
    expect(current.statusCode).toBe(200);
    expect(current.headers).toMatchObject({
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    const older = await app.inject('/assets/0000000000000000/style.css');
    expect(older.headers['cache-control']).toBe('public, max-age=60');
  });

  it.each([
    '/assets/x/../../package.json',
    '/assets/x/%2e%2e/post.liquid',
    '/assets/x/post.liquid',
    '/assets/x/',
  ])('%s is not one', async (url) => {
    const app = await start(memoryBlog(posts));
    expect((await app.inject(url)).statusCode).toBe(404);
  });

  it('include an icon where browsers look for it', async () => {
    const app = await start(memoryBlog(posts));
    expect((await app.inject('/favicon.ico')).headers['content-type']).toBe('image/svg+xml');
  });
});

describe('a large sitemap', () => {
  it('is split behind an index, without losing or repeating an address', async () => {
    const app = Fastify();
    onTestFinished(() => app.close());
    registerSitemapRoutes(app, { ...memoryBlog(posts), theme: await loadTheme() }, 10);
    const locations = (xml: string) => [...xml.matchAll(/<loc>(.*?)<\/loc>/g)].map((match) => match[1] ?? '');
    const index = await app.inject('/sitemap.xml');
    expect(index.body).toContain('<sitemapindex');
    const files = locations(index.body).map((location) => new URL(location).pathname);
    expect(files).toEqual(['/sitemap-1.xml', '/sitemap-2.xml', '/sitemap-3.xml']);
    const all = (await Promise.all(files.map((file) => app.inject(file)))).flatMap(({ body }) =>
      locations(body),
    );
    // The home page, the archive, one tag, one author, and the posts.
    expect(all).toHaveLength(4 + posts.length);
    expect(new Set(all).size).toBe(all.length);
    expect((await app.inject('/sitemap-4.xml')).statusCode).toBe(404);
  });
});
