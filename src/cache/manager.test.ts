import { describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../../test/cache/harness/fake-clock.ts';
import { CacheManager } from './manager.ts';
import type { CacheManagerOptions } from './options.ts';

/** A fill that can be finished by hand. */
function gate<Value>() {
  const opened = Promise.withResolvers<Value>();
  let calls = 0;
  return {
    fill: () => {
      calls += 1;
      return opened.promise;
    },
    open: opened.resolve,
    fail: opened.reject,
    calls: () => calls,
  };
}

function create(options: CacheManagerOptions<string | null | undefined> = {}) {
  const clock = new FakeClock();
  const cache = new CacheManager<string | null | undefined>({ clock, jitter: 0, ...options });
  return { cache, clock };
}

const outage = new Error('the database is down');
const failing = () => Promise.reject(outage);

describe('values', () => {
  it('are given back as they were stored, by parts or by ready key', async () => {
    const { cache } = create();
    await cache.set(['posts', 'list', 10, 0], 'first page');
    expect(await cache.get('posts', 'list', 10, 0)).toBe('first page');
    expect(await cache.get('posts:list:10:0')).toBe('first page');
    expect(await cache.get(['posts', 'list', 10, 0])).toBe('first page');
    expect(cache.peek('posts:list:10:0')?.value).toBe('first page');
  });

  it('are the same object each time, never a copy', async () => {
    const cache = new CacheManager<{ body: Buffer }>();
    const page = { body: Buffer.from('page') };
    expect(await cache.getOrSet('page', () => page)).toBe(page);
    expect(cache.peek('page')?.value).toBe(page);
  });

  it('keep parts with a colon apart from two parts', async () => {
    const { cache } = create();
    await cache.set(['a:b', 'c'], 'one');
    expect(await cache.get('a', 'b', 'c')).toBeUndefined();
    expect(await cache.get('a:b', 'c')).toBe('one');
  });

  it('may be null, which is a hit; undefined is not stored', async () => {
    const { cache } = create();
    const none = await cache.getOrSetEntry('none', () => null);
    expect(none.isStored).toBe(true);
    expect((await cache.lookup('none'))?.entry.value).toBeNull();
    const nothing = await cache.getOrSetEntry('nothing', () => undefined);
    expect(nothing.isStored).toBe(false);
    expect(await cache.lookup('nothing')).toBeUndefined();
  });
});

describe('a fill', () => {
  it('runs once for all who ask, and its result is stored', async () => {
    const { cache } = create();
    const { fill, open, calls } = gate<string>();
    const requests = Array.from({ length: 1000 }, () => cache.getOrSet('cold', fill));
    open('value');
    expect(new Set(await Promise.all(requests))).toEqual(new Set(['value']));
    expect(calls()).toBe(1);
    expect(cache.stats().fills).toMatchObject({ started: 1, joined: 999 });
    expect(cache.stats().memory).toMatchObject({ misses: 1000, entries: 1 });
  });

  it('decides lifetime, tags, and whether its result is stored', async () => {
    const { cache, clock } = create();
    const answer = await cache.getOrSetEntry('k', (context) => {
      context.tags.add('post:1');
      context.setTtl(100);
      context.setStale(0);
      return 'short';
    });
    expect(answer.entry.tags).toEqual(['post:1']);
    expect(answer.entry.freshUntil - cache.now()).toBe(100);
    await clock.advance(101);
    expect(await cache.get('k')).toBeUndefined();
    await cache.getOrSet('s', (context) => {
      context.skip();
      return 'not for others';
    });
    expect(await cache.get('s')).toBeUndefined();
  });

  it('that fails is reported to all who wait, and the next request tries again', async () => {
    const { cache } = create();
    await expect(cache.getOrSet('k', failing)).rejects.toBe(outage);
    expect(await cache.getOrSet('k', () => 'back')).toBe('back');
  });

  it('that hangs ends at its deadline; what it brings later is not stored', async () => {
    const { cache, clock } = create();
    const { fill, open } = gate<string>();
    let signal: AbortSignal | undefined;
    const request = cache.getOrSet(
      'k',
      (context) => {
        signal = context.signal;
        return fill();
      },
      { hardTimeout: 500 },
    );
    const outcome = expect(request).rejects.toMatchObject({ code: 'fill_timeout', status: 503 });
    await clock.advance(500);
    await outcome;
    expect(signal?.aborted).toBe(true);
    open('late');
    await settle();
    expect(await cache.get('k')).toBeUndefined();
    expect(await cache.getOrSet('k', () => 'new')).toBe('new');
    expect(cache.stats().fills.timedOut).toBe(1);
  });
});

describe('an invalidation', () => {
  const ways: [string, (cache: CacheManager<string | null | undefined>) => Promise<void>][] = [
    ['its key', (cache) => cache.delete('posts:list:10:0')],
    ['a tag', (cache) => cache.invalidateTags(['post:1'])],
    ['a pattern', (cache) => cache.invalidatePattern('posts:list:*')],
    ['a wider pattern', (cache) => cache.invalidatePattern('posts:*')],
    ['a pattern with a star inside a segment', (cache) => cache.invalidatePattern('posts:li*')],
    ['everything', (cache) => cache.clear()],
  ];

  it.each(ways)('by %s removes the entry', async (_name, invalidate) => {
    const { cache } = create();
    await cache.set('posts:list:10:0', 'old', { tags: ['post:1'] });
    await invalidate(cache);
    expect(await cache.get('posts:list:10:0')).toBeUndefined();
    expect(cache.peek('posts:list:10:0')).toBeUndefined();
  });

  it.each(ways)('by %s keeps out a fill that began before', async (_name, invalidate) => {
    const { cache } = create();
    const { fill, open } = gate<string>();
    const request = cache.getOrSetEntry('posts:list:10:0', (context) => {
      context.tags.add('post:1');
      return fill();
    });
    await invalidate(cache);
    open('old');
    expect((await request).isStored).toBe(false);
    expect(await cache.get('posts:list:10:0')).toBeUndefined();
    expect(cache.stats().memory.rejected).toBe(1);
  });

  it.each(ways)('by %s is not joined across', async (_name, invalidate) => {
    const { cache } = create();
    const before = gate<string>();
    const first = cache.getOrSet('posts:list:10:0', before.fill, { tags: ['post:1'] });
    await invalidate(cache);
    const second = cache.getOrSet('posts:list:10:0', () => 'new', { tags: ['post:1'] });
    expect(await second).toBe('new');
    before.open('old');
    expect(await first).toBe('old');
    expect(await cache.get('posts:list:10:0')).toBe('new');
  });

  it('leaves everything else a hit', async () => {
    const { cache } = create();
    await cache.set('posts:list:10:0', 'list', { tags: ['list'] });
    await cache.set('posts:one:1', 'one', { tags: ['post:1'] });
    await cache.set('tags:all', 'tags');
    await cache.invalidateTags(['list', 'post:2']);
    await cache.invalidatePattern('posts:two:*');
    expect(cache.peek('posts:one:1')?.value).toBe('one');
    expect(cache.peek('tags:all')?.value).toBe('tags');
    expect(cache.peek('posts:list:10:0')).toBeUndefined();
  });
});

describe('an older result', () => {
  it('never replaces an explicit value, even one that is gone again', async () => {
    const { cache } = create();
    const { fill, open } = gate<string>();
    const request = cache.getOrSet('k', fill);
    await cache.set('k', 'new');
    open('old');
    await request;
    expect(await cache.get('k')).toBe('new');
  });

  it('never replaces the result of a fill that began later, though that was evicted since', async () => {
    const { cache } = create({ memoryBytes: 1500, policy: 'lru' });
    const older = gate<string>();
    const first = cache.getOrSet('k', older.fill);
    // An invalidation of another tag keeps the next request from joining, but concerns neither fill.
    await cache.invalidateTags(['unrelated']);
    expect(await cache.getOrSet('k', () => 'newer')).toBe('newer');
    for (const other of ['a', 'b', 'c']) await cache.set(other, other);
    expect(await cache.get('k')).toBeUndefined();
    older.open('older');
    await first;
    expect(await cache.get('k')).toBeUndefined();
  });
});

describe('a stale entry', () => {
  const options = { ttl: 1000, stale: 5000 };

  it('stands in when the fill fails, and the origin is left alone for a second', async () => {
    const { cache, clock } = create();
    await cache.set('k', 'old', options);
    await clock.advance(1500);
    expect(await cache.getOrSetEntry('k', failing)).toMatchObject({
      status: 'stale',
      entry: { value: 'old' },
    });
    const { fill, calls } = gate<string>();
    expect(await cache.getOrSetEntry('k', fill)).toMatchObject({ status: 'stale' });
    expect(calls()).toBe(0);
    await clock.advance(1001);
    expect(await cache.getOrSet('k', () => 'new')).toBe('new');
  });

  it('is not served past its time', async () => {
    const { cache, clock } = create();
    await cache.set('k', 'old', options);
    await clock.advance(6001);
    await expect(cache.getOrSet('k', failing)).rejects.toBe(outage);
  });

  it('does not come back once invalidated, not even while the fill is under way', async () => {
    const { cache, clock } = create();
    await cache.set('k', 'old', { ...options, tags: ['t'] });
    await clock.advance(1500);
    const { fill, fail } = gate<string>();
    const request = cache.getOrSet('k', fill, { softTimeout: 50 });
    await cache.invalidateTags(['t']);
    const outcome = expect(request).rejects.toBe(outage);
    await clock.advance(100);
    fail(outage);
    await outcome;
    await expect(cache.getOrSet('k', failing)).rejects.toBe(outage);
  });

  it('is served when the fill takes longer than the soft timeout; the fill goes on', async () => {
    const { cache, clock } = create();
    await cache.set('k', 'old', options);
    await clock.advance(1500);
    const { fill, open } = gate<string>();
    const request = cache.getOrSetEntry('k', fill, { softTimeout: 50 });
    await clock.advance(50);
    expect(await request).toMatchObject({ status: 'stale', entry: { value: 'old' } });
    open('new');
    await settle();
    expect(cache.peek('k')?.value).toBe('new');
  });

  it('is served at once within its time of revalidation', async () => {
    const { cache, clock } = create();
    await cache.set('k', 'old', { ...options, revalidate: 1000 });
    await clock.advance(1500);
    expect(await cache.getOrSetEntry('k', () => 'new')).toMatchObject({ status: 'stale' });
    await settle();
    expect(cache.peek('k')?.value).toBe('new');
  });
});

describe('a hot entry', () => {
  it('is refreshed before it expires, by one request, without anybody waiting', async () => {
    const { cache, clock } = create();
    await cache.set('k', 'old', { ttl: 1000 });
    await clock.advance(900);
    expect(cache.peek('k')).toBeUndefined();
    const { fill, open, calls } = gate<string>();
    for (let request = 0; request < 10; request++) {
      expect(await cache.getOrSetEntry('k', fill)).toMatchObject({ status: 'hit', entry: { value: 'old' } });
    }
    expect(calls()).toBe(1);
    expect(cache.peek('k')?.value).toBe('old');
    open('new');
    await settle();
    expect(cache.peek('k')?.value).toBe('new');
  });

  it('is not replaced by a refresh that began before it expired and ended after', async () => {
    const { cache, clock } = create();
    await cache.set('k', 'old', { ttl: 1000 });
    await clock.advance(900);
    const { fill, open } = gate<string>();
    await cache.getOrSet('k', fill);
    await clock.advance(200);
    open('as it was before the expiry');
    await settle();
    expect(await cache.get('k')).toBeUndefined();
  });

  it('stays when its refresh fails', async () => {
    const { cache, clock } = create();
    await cache.set('k', 'old', { ttl: 1000 });
    await clock.advance(900);
    expect(await cache.getOrSet('k', failing)).toBe('old');
    await settle();
    expect(cache.peek('k')?.value).toBe('old');
  });
});

describe('expiry', () => {
  it('is spread by chance, which never lengthens a ttl', async () => {
    const clock = new FakeClock(Math.random);
    const cache = new CacheManager<string>({ clock, jitter: 0.1 });
    for (let key = 0; key < 200; key++) await cache.set(`k:${key}`, 'v', { ttl: 1000 });
    const left = await Promise.all(
      Array.from(
        { length: 200 },
        async (_, key) => ((await cache.lookup(`k:${key}`))?.entry.freshUntil ?? 0) - cache.now(),
      ),
    );
    expect(Math.max(...left)).toBeLessThanOrEqual(1000);
    expect(Math.min(...left)).toBeGreaterThanOrEqual(900);
    expect(new Set(left).size).toBeGreaterThan(100);
  });
});

describe('memory', () => {
  it('stays within its budget, index included', async () => {
    const memoryBytes = 2_000_000;
    const cache = new CacheManager<Buffer>({ memoryBytes });
    for (let key = 0; key < 5000; key++) {
      await cache.set(['page', key], Buffer.alloc(key % 4000), { tags: [`post:${key % 100}`, 'list'] });
      expect(cache.stats().memory.bytes).toBeLessThanOrEqual(memoryBytes);
    }
    expect(cache.stats().memory.evictions).toBeGreaterThan(0);
  });

  it('refuses a budget that is none', () => {
    expect(() => new CacheManager({ memoryBytes: 0 })).toThrow('memoryBytes');
  });
});
