/** What only some may see never gets into what all may see, in either direction. */
import { describe, expect, it } from 'vitest';
import type { BlogSystem } from '../../src/app.ts';
import { cacheStatus, get, type Headers, openNode, ownerToken } from './nodes.ts';

const owner: Headers = { authorization: `Bearer ${ownerToken}` };
const soon = () => new Date(Date.now() + 3_600_000).toISOString();

async function withCanaries(node: BlogSystem): Promise<string[]> {
  const draft = await node.posts.create({
    title: 'canary draft',
    slug: 'draft',
    content: 'canary',
    status: 'draft',
  });
  const planned = await node.posts.create({
    title: 'canary plan',
    slug: 'plan',
    content: 'canary',
    publishedAt: soon(),
  });
  await node.posts.create({ title: 'Public', slug: 'public', content: 'x' });
  const ids = [draft.id, planned.id];
  return [
    '/posts',
    '/posts?status=draft',
    '/posts?status=any&include=content',
    '/posts?q=canary',
    '/posts/draft',
    '/posts/plan',
    ...ids.map((id) => `/posts/${id}`),
    '/draft/',
    '/plan/',
    '/',
    '/search?q=canary',
    '/rss.xml',
    '/sitemap.xml',
  ];
}

/** Nothing of a draft but what the request itself says. */
async function expectNoCanary(node: BlogSystem, urls: string[], headers: Headers = {}): Promise<void> {
  for (const url of urls) {
    const response = await get(node, url, headers);
    const told = response.body
      .replaceAll('Search: canary', '')
      .replace(/value="canary"|“canary”|q=canary/g, '');
    expect(told, url).not.toMatch(/canary (draft|plan)/);
    if (url.includes('status=')) expect(response.statusCode, url).toBe(401);
  }
}

describe('a token', () => {
  it('sees more, and leaves nothing of it behind', async () => {
    const node = await openNode();
    const urls = await withCanaries(node);
    for (const url of urls) {
      const { headers } = await get(node, url, owner);
      expect(headers['cache-status'] ?? 'broadsheet; fwd=bypass', url).toBe('broadsheet; fwd=bypass');
      expect(headers['cache-control'], url).toBe('private, no-store');
    }
    expect((await get(node, '/posts/draft', owner)).body).toContain('canary');
    expect(node.cache.stats().memory.entries).toBe(0);
    await expectNoCanary(node, urls);
  });

  it('is not answered from what the public left', async () => {
    const node = await openNode();
    const urls = await withCanaries(node);
    await expectNoCanary(node, urls);
    expect((await get(node, '/posts/draft', owner)).json()).toMatchObject({ title: 'canary draft' });
    expect((await get(node, '/posts?status=draft', owner)).json()).toMatchObject({ total: 1 });
  });

  it('that is wrong is refused, whatever is cached', async () => {
    const node = await openNode();
    await get(node, '/posts');
    const response = await get(node, '/posts', { authorization: 'Bearer wrong' });
    expect(response.statusCode).toBe(401);
    expect(response.headers['cache-control']).toBe('private, no-store');
  });
});

describe('AUTH=open', () => {
  const local = { host: 'localhost:8000' };
  const fromOutside = { host: 'localhost:8000', 'x-forwarded-for': '203.0.113.9' };

  it('shows drafts to this machine alone, whoever asks first', async () => {
    for (const order of ['local first', 'outside first']) {
      const node = await openNode({ auth: { mode: 'open' } });
      const urls = await withCanaries(node);
      if (order === 'outside first') await expectNoCanary(node, urls, fromOutside);
      expect((await get(node, '/posts/draft', local)).json()).toMatchObject({ title: 'canary draft' });
      expect((await get(node, '/posts?status=draft', local)).json()).toMatchObject({ total: 1 });
      expect((await get(node, '/posts/public', local)).statusCode).toBe(200);
      await expectNoCanary(node, urls, fromOutside);
      expect((await get(node, '/posts/draft', local)).headers['cache-control']).toBe('private, no-store');
    }
  });
});

it('a made-up mark of a fill does nothing', async () => {
  const node = await openNode();
  await get(node, '/posts');
  const response = await get(node, '/posts', { 'x-broadsheet-fill': 'true' });
  expect(cacheStatus(response)).toContain('hit');
});
