import type { DatabaseManager } from '../../database/manager.ts';
import { postTotals } from '../posts/repository/totals-query.ts';
import type { Tag } from './schemas.ts';

export class TagRepository {
  readonly #database: DatabaseManager;

  constructor(database: DatabaseManager) {
    this.#database = database;
  }

  /** Tags that published posts have, by name. */
  async list(): Promise<Tag[]> {
    const rows = await this.#query()
      .where('totals.total', '>', 0)
      .orderBy('tags.name')
      .orderBy('tags.slug')
      .execute();
    return rows.map(toTag);
  }

  async find(slug: string): Promise<Tag | null> {
    const row = await this.#query().where('tags.slug', '=', slug).executeTakeFirst();
    return row ? toTag(row) : null;
  }

  #query() {
    return this.#database.reader
      .selectFrom('tags')
      .leftJoin(postTotals(this.#database.reader, 'tag').as('totals'), (join) =>
        join.on('totals.scope_id', '=', ({ cast, ref }) => cast<string>(ref('tags.id'), 'text')),
      )
      .select(['tags.slug', 'tags.name', 'tags.description', 'totals.total']);
  }
}

function toTag(row: Omit<Tag, 'posts'> & { total: number | null }): Tag {
  return { slug: row.slug, name: row.name, description: row.description, posts: Number(row.total ?? 0) };
}
