/** The maintained totals, counted from the rows that are copied. */
import type { PostTotalsTable } from '../database/tables.ts';
import type { Connection, Row } from './rows.ts';

type Key = Pick<PostTotalsTable, 'scope' | 'scope_id' | 'type' | 'status'>;
type Entry = Key & { total: number };

export class Totals {
  readonly #entries = new Map<string, Entry>();

  /** Counts rows of `posts` and `post_tags`; those of other tables don't count. */
  count(table: string, row: Row): void {
    if (table === 'posts') {
      this.#add(row, 'all', '');
      this.#add(row, 'author', String(row['author_id']));
      this.#add(row, 'month', String(row['sort_at']).slice(0, '2026-01'.length));
    } else if (table === 'post_tags') this.#add(row, 'tag', String(row['tag_id']));
  }

  async write(db: Connection): Promise<void> {
    const entries = [...this.#entries.values()];
    for (let start = 0; start < entries.length; start += 1000) {
      const rows = entries.slice(start, start + 1000).map((entry) => ({ ...entry, shard: 0 }));
      await db.insertInto('post_totals').values(rows).execute();
    }
  }

  /** Whether the sums in a database are those counted here. */
  async areIn(db: Connection): Promise<boolean> {
    const rows = await db
      .selectFrom('post_totals')
      .select(({ fn }) => ['scope', 'scope_id', 'type', 'status', fn.sum<number>('total').as('total')])
      .groupBy(['scope', 'scope_id', 'type', 'status'])
      .execute();
    const stored = rows
      .map((row) => ({ ...row, total: Number(row.total) }))
      .filter(({ total }) => total !== 0);
    return (
      stored.length === this.#entries.size &&
      stored.every((row) => this.#entries.get(nameOf(row))?.total === row.total)
    );
  }

  #add(row: Row, scope: Key['scope'], scopeId: string): void {
    const { type, status } = row;
    if (type !== 'post' && type !== 'page') throw new Error(`a post of type ${type} can't be counted`);
    if (status !== 'draft' && status !== 'scheduled' && status !== 'published')
      throw new Error(`a post that is ${status} can't be counted`);
    const key: Key = { scope, scope_id: scopeId, type, status };
    const name = nameOf(key);
    const known = this.#entries.get(name);
    if (known) known.total += 1;
    else this.#entries.set(name, { ...key, total: 1 });
  }
}

function nameOf({ scope, scope_id, type, status }: Key): string {
  return [scope, scope_id, type, status].join(' ');
}
