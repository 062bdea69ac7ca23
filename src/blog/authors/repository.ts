import type { DatabaseManager } from '../../database/manager.ts';
import { postTotals } from '../posts/repository/totals-query.ts';
import type { Author } from './schemas.ts';

export class AuthorRepository {
  readonly #database: DatabaseManager;

  constructor(database: DatabaseManager) {
    this.#database = database;
  }

  /** Authors of published posts, by name. */
  async list(): Promise<Author[]> {
    const rows = await this.#query()
      .where('totals.total', '>', 0)
      .orderBy('authors.name')
      .orderBy('authors.slug')
      .execute();
    return rows.map(toAuthor);
  }

  async find(slug: string): Promise<Author | null> {
    const row = await this.#query().where('authors.slug', '=', slug).executeTakeFirst();
    return row ? toAuthor(row) : null;
  }

  #query() {
    return this.#database.reader
      .selectFrom('authors')
      .leftJoin(postTotals(this.#database.reader, 'author').as('totals'), (join) =>
        join.on('totals.scope_id', '=', ({ cast, ref }) => cast<string>(ref('authors.id'), 'text')),
      )
      .select([
        'authors.slug',
        'authors.name',
        'authors.bio',
        'authors.image',
        'authors.website',
        'totals.total',
      ]);
  }
}

function toAuthor(row: Omit<Author, 'posts'> & { total: number | null }): Author {
  return {
    slug: row.slug,
    name: row.name,
    bio: row.bio,
    image: row.image,
    website: row.website,
    posts: Number(row.total ?? 0),
  };
}
