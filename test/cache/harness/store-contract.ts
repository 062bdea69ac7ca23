import { beforeEach, expect, it } from 'vitest';
import type {
  BusMessage,
  FillRequest,
  ReadReply,
  SharedStore,
  SyncReply,
} from '../../../src/cache/shared/store.ts';

export interface ContractStore {
  store: SharedStore;
  /** Messages received so far. */
  messages: BusMessage[];
  /** Time passes for the store. */
  pass(milliseconds: number): Promise<void>;
  /** The store forgets everything, or goes back to what it had at the last `save`. */
  restartEmpty(): Promise<void>;
  loseControl(): Promise<void>;
  waitForMessages(count: number): Promise<void>;
}

const lease = (token: string, minFreshMs = 0) => ({ token, milliseconds: 300, minFreshMs });
const data = Buffer.from([0, 1, 255, 10, 13]);

/** What every shared store must do: the scripts in Redis, and the fake that the interleaving test runs on. */
export function storeContract(open: () => Promise<ContractStore>): void {
  let subject: ContractStore;
  let epoch: string;
  let epochs = 0;

  const sync = (known?: SyncReply, appliedChange = -1) => {
    epochs += 1;
    return subject.store.sync({
      known: known && { ...known.position, nonce: known.nonce },
      freshEpoch: `epoch${epochs}`,
      appliedChange,
    });
  };
  const fill = (read: ReadReply, key: string, token: string, overrides: Partial<FillRequest> = {}) =>
    subject.store.store({
      key,
      scopes: ['p|posts:', 't|one'],
      data,
      freshMs: 60_000,
      staleMs: 60_000,
      position: read.position ?? { epoch: '', sequence: 0 },
      order: read.order,
      token,
      fenceMs: 10_000,
      ...overrides,
    });
  const invalidate = (...scopes: string[]) => subject.store.invalidate({ scopes, changes: [] }, 'background');

  beforeEach(async () => {
    subject = await open();
    epoch = (await sync()).position.epoch;
  });

  it('gives back what a fill stored, byte for byte', async () => {
    const read = await subject.store.read('posts:1', lease('a'));
    expect(read).toMatchObject({ position: { epoch, sequence: 0 }, entry: undefined, lease: 'granted' });
    expect(await fill(read, 'posts:1', 'a')).toBe('stored');
    const again = await subject.store.read('posts:1', lease('b'));
    expect(again.lease).toBe('none');
    expect(again.entry?.data).toEqual(data);
    expect(again.entry?.scopes).toEqual(['p|posts:', 't|one']);
    expect(again.entry?.remainingMs).toBeGreaterThan(110_000);
    expect(again.entry?.remainingMs).toBeLessThanOrEqual(120_000);
  });

  it('lets one fill at a time, until it ends or its lease does', async () => {
    expect((await subject.store.read('k', lease('a'))).lease).toBe('granted');
    expect((await subject.store.read('k', lease('b'))).lease).toBe('held');
    await subject.store.release('k', 'b');
    expect((await subject.store.read('k', lease('b'))).lease).toBe('held');
    await subject.store.release('k', 'a');
    expect((await subject.store.read('k', lease('b'))).lease).toBe('granted');
    await subject.pass(350);
    expect((await subject.store.read('k', lease('c'))).lease).toBe('granted');
  });

  it('gives a node that asks again the lease that it holds itself', async () => {
    expect((await subject.store.read('k', lease('a.1'))).lease).toBe('granted');
    expect((await subject.store.read('k', lease('b.1'))).lease).toBe('held');
    expect((await subject.store.read('k', lease('a.2'))).lease).toBe('granted');
    await subject.store.release('k', 'a.1');
    expect((await subject.store.read('k', lease('b.1'))).lease).toBe('held');
  });

  it('keeps a lease that is renewed by its holder', async () => {
    expect((await subject.store.read('k', lease('a'))).lease).toBe('granted');
    await subject.store.renew('k', 'b', 1);
    await subject.store.renew('k', 'a', 60_000);
    await subject.pass(350);
    expect((await subject.store.read('k', lease('b'))).lease).toBe('held');
  });

  it('offers the lease for what is stale or not fresh for long enough, with the entry', async () => {
    const read = await subject.store.read('k', lease('a'));
    await fill(read, 'k', 'a', { freshMs: 100, staleMs: 60_000 });
    expect((await subject.store.read('k', lease('b'))).lease).toBe('none');
    const early = await subject.store.read('k', lease('b', 200));
    expect(early.lease).toBe('granted');
    expect(early.entry?.data).toEqual(data);
    await subject.store.release('k', 'b');
    await subject.pass(150);
    const late = await subject.store.read('k', lease('c'));
    expect(late.lease).toBe('granted');
    expect(late.entry?.remainingMs).toBeLessThan(60_000);
  });

  it('does not ask for a lease where none is wanted', async () => {
    expect((await subject.store.read('k', undefined)).lease).toBe('none');
    expect((await subject.store.read('k', lease('a'))).lease).toBe('granted');
  });

  it.each(['k|posts:1', 't|one', 'p|posts:', '*'])('removes an entry by %s', async (scope) => {
    await fill(await subject.store.read('posts:1', lease('a')), 'posts:1', 'a');
    await invalidate(scope);
    expect((await subject.store.read('posts:1', undefined)).entry).toBeUndefined();
  });

  it.each(['k|posts:1', 't|one', 'p|posts:', '*'])('refuses a fill from before %s', async (scope) => {
    const read = await subject.store.read('posts:1', lease('a'));
    await invalidate('t|other', scope);
    expect(await fill(read, 'posts:1', 'a')).toBe('fenced');
    const next = await subject.store.read('posts:1', lease('b'));
    expect(next.lease).toBe('granted');
    expect(await fill(next, 'posts:1', 'b')).toBe('stored');
    expect((await subject.store.read('posts:1', undefined)).entry?.data).toEqual(data);
  });

  it('leaves alone what an invalidation does not concern', async () => {
    const read = await subject.store.read('posts:1', lease('a'));
    await invalidate('t|two', 'p|pages:', 'k|posts:2');
    expect(await fill(read, 'posts:1', 'a')).toBe('stored');
    await invalidate('t|two', 'p|pages:', 'k|posts:2');
    expect((await subject.store.read('posts:1', undefined)).entry).toBeDefined();
  });

  it('never replaces the result of a fill that began later', async () => {
    const older = await subject.store.read('k', lease('a'));
    await subject.pass(350);
    const newer = await subject.store.read('k', lease('b'));
    expect(newer.order).toBeGreaterThan(older.order);
    expect(await fill(newer, 'k', 'b', { freshMs: 20, staleMs: 0, data: Buffer.from('newer') })).toBe(
      'stored',
    );
    expect(await fill(older, 'k', 'a')).toBe('superseded');
    await subject.pass(100);
    expect(await fill(older, 'k', 'a')).toBe('superseded');
    expect((await subject.store.read('k', undefined)).entry).toBeUndefined();
  });

  it('stores an explicit value, and refuses older fills from then on', async () => {
    const read = await subject.store.read('k', lease('a'));
    const request = { key: 'k', scopes: ['t|one'], data: Buffer.from('set'), freshMs: 60_000, staleMs: 0 };
    await subject.store.set(request, { epoch, sequence: 0 });
    expect(await fill(read, 'k', 'a')).toBe('fenced');
    expect((await subject.store.read('k', undefined)).entry?.data.toString()).toBe('set');
  });

  it.each(['k|k', 't|one'])('does not store an explicit value that %s overtook', async (scope) => {
    const { sequence } = await invalidate('t|other');
    await invalidate(scope);
    const request = { key: 'k', scopes: ['t|one'], data, freshMs: 60_000, staleMs: 0 };
    await subject.store.set(request, { epoch, sequence });
    expect((await subject.store.read('k', undefined)).entry).toBeUndefined();
  });

  it('numbers invalidations without gaps and tells of each', async () => {
    const first = await subject.store.invalidate({ scopes: ['t|a', 'k|b'], changes: [7, 8] }, 'request');
    const second = await invalidate('*');
    expect([first, second]).toEqual([
      { epoch, sequence: 1 },
      { epoch, sequence: 2 },
    ]);
    await subject.waitForMessages(2);
    expect(subject.messages).toMatchObject([
      { position: first, scopes: ['t|a', 'k|b'], changes: [7, 8], sender: 'node' },
      { position: second, scopes: ['*'], changes: [] },
    ]);
  });

  it('tells a node what it missed', async () => {
    const start = await sync();
    await invalidate('t|a');
    const middle = await sync(start);
    expect(middle.missed).toEqual(['t|a']);
    await invalidate('t|b', 'k|c');
    await invalidate('t|a');
    expect([...((await sync(middle)).missed ?? [])].sort()).toEqual(['k|c', 't|a', 't|b']);
    await invalidate('*');
    expect((await sync(middle)).missed).toBeUndefined();
  });

  it('keeps the furthest change that was applied', async () => {
    expect((await sync(undefined, 5)).appliedChange).toBe(5);
    expect((await sync(undefined, 3)).appliedChange).toBe(5);
    expect((await sync()).appliedChange).toBe(5);
  });

  it('believes nothing from before it lost its memory, in whole or in part', async () => {
    for (const lose of [subject.restartEmpty, subject.loseControl]) {
      const before = await sync();
      const read = await subject.store.read('posts:1', lease('a'));
      await fill(read, 'posts:1', 'a');
      await lose();
      expect((await subject.store.read('posts:1', lease('b'))).position).toBeUndefined();
      await expect(invalidate('t|one')).rejects.toThrow();
      const after = await sync(before);
      expect(after.position.epoch).not.toBe(before.position.epoch);
      expect(after.missed).toBeUndefined();
      expect(await fill(read, 'posts:1', 'a')).toBe('lost');
      expect((await subject.store.read('posts:1', undefined)).entry).toBeUndefined();
    }
  });

  it('begins a new epoch when it is behind what a node has seen', async () => {
    const start = await sync();
    const ahead = { ...start, position: { epoch: start.position.epoch, sequence: 4 } };
    expect((await sync(ahead)).position.epoch).not.toBe(start.position.epoch);
  });
}
