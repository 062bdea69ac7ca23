/** Totals kept up to date by each write, so that showing "of 1,000,000" reads a few rows and no posts. */
import type { Transaction } from 'kysely';
import type { PostTotalsTable, Tables } from '../../../database/tables.ts';
import type { PostStatus, PostType } from '../schemas.ts';

/** What a post counts towards. */
export interface Countable {
  type: PostType;
  status: PostStatus;
  authorId: string;
  tagIds: readonly string[];
  sortAt: string;
}

type Key = Omit<PostTotalsTable, 'total' | 'shard'>;

/** Moves a post from what it counted towards (null: it is new) to what it counts towards now (null: it is gone). */
export async function moveTotals(
  trx: Transaction<Tables>,
  shards: number,
  before: Countable | null,
  after: Countable | null,
): Promise<void> {
  const shard = shards === 1 ? 0 : Math.floor(Math.random() * shards);
  const deltas = differences(before, after);
  if (deltas.length === 0) return;
  await trx
    .insertInto('post_totals')
    .values(deltas.map(({ key, delta }) => ({ ...key, shard, total: delta })))
    .onConflict((conflict) =>
      conflict
        .columns(['scope', 'type', 'status', 'scope_id', 'shard'])
        .doUpdateSet(({ ref, eb }) => ({ total: eb('post_totals.total', '+', ref('excluded.total')) })),
    )
    .execute();
}

function differences(before: Countable | null, after: Countable | null): { key: Key; delta: number }[] {
  const deltas = new Map<string, { key: Key; delta: number }>();
  const add = (post: Countable | null, delta: number): void => {
    for (const key of keysOf(post)) {
      const name = JSON.stringify(key);
      deltas.set(name, { key, delta: (deltas.get(name)?.delta ?? 0) + delta });
    }
  };
  add(before, -1);
  add(after, 1);
  return (
    [...deltas.entries()]
      .filter(([, { delta }]) => delta !== 0)
      // One order for every writer: rows locked in different orders are a deadlock.
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, change]) => change)
  );
}

function keysOf(post: Countable | null): Key[] {
  if (!post) return [];
  const { type, status } = post;
  return [
    { scope: 'all', scope_id: '', type, status },
    { scope: 'author', scope_id: post.authorId, type, status },
    { scope: 'month', scope_id: post.sortAt.slice(0, '2026-01'.length), type, status },
    ...post.tagIds.map((tagId): Key => ({ scope: 'tag', scope_id: tagId, type, status })),
  ];
}
