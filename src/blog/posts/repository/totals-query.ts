/** How many published posts each tag or author has: a subquery to join. */
import type { Kysely } from 'kysely';
import type { Tables } from '../../../database/tables.ts';

export function postTotals(db: Kysely<Tables>, scope: 'tag' | 'author') {
  return db
    .selectFrom('post_totals')
    .select(({ fn }) => ['post_totals.scope_id', fn.sum<number>('post_totals.total').as('total')])
    .where('post_totals.scope', '=', scope)
    .where('post_totals.type', '=', 'post')
    .where('post_totals.status', '=', 'published')
    .groupBy('post_totals.scope_id');
}
