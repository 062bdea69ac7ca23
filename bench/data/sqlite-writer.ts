/**
 * Puts generated posts into a SQLite database, as the application would have stored them, by a path of its own: one
 * connection without Kysely and threads between, statements prepared once, nothing synced before the end. A crash
 * leaves a broken file, so this is for benchmarks only.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { affectedTags } from '../../src/blog/posts/affected-tags.ts';
import { toSnapshot } from '../../src/blog/posts/revision.ts';
import type { GeneratedBlog, GeneratedPost, Named } from './blog.ts';
import type { BulkWriter } from './writer.ts';

const postsInTransaction = 20_000;

export class SqliteBulkWriter implements BulkWriter {
  readonly existing: number;
  readonly #database: DatabaseSync;
  readonly #statements: Record<'post' | 'tag' | 'search' | 'revision' | 'change', StatementSync>;
  readonly #totals = new Map<string, { key: string[]; total: number }>();
  #seq: number;
  #written = 0;

  /** @param path a database that is migrated, and in use by nobody */
  constructor(path: string, blog: GeneratedBlog) {
    this.#database = new DatabaseSync(path, { timeout: 1000 });
    this.#database.exec(
      'pragma journal_mode = delete; pragma locking_mode = exclusive; pragma journal_mode = memory;' +
        'pragma synchronous = off; pragma cache_size = -524288; pragma temp_store = memory',
    );
    // Larger segments of the search index, merged once at the end instead of all the time.
    this.#setSearch('hashsize', 64 * 1024 * 1024);
    this.#setSearch('automerge', 0);
    this.existing = Number(
      this.#database
        .prepare("select coalesce(max(seq), 0) as n from sqlite_sequence where name = 'posts'")
        .get()?.['n'] ?? 0,
    );
    this.#seq = this.existing;
    this.#statements = this.#prepare();
    this.#database.exec('begin');
    this.#insertNames('authors', blog.authors);
    this.#insertNames('tags', blog.tags);
  }

  async write(generated: GeneratedPost): Promise<void> {
    const { post, author, tags, text } = generated;
    this.#seq += 1;
    const sortAt = post.publishedAt ?? post.createdAt;
    this.#statements.post.run(
      this.#seq,
      post.id,
      post.type,
      post.status,
      post.slug,
      post.title,
      post.format,
      post.excerpt,
      author.id,
      post.readingMinutes,
      post.publishedAt,
      sortAt,
      post.createdAt,
      post.updatedAt,
      post.content,
      post.html,
    );
    tags.forEach((tag, position) => {
      this.#statements.tag.run(post.id, tag.id, position, post.type, post.status, sortAt);
    });
    this.#statements.search.run(this.#seq, post.title, tags.map((tag) => tag.name).join(' '), text);
    this.#statements.revision.run(post.id, post.title, post.createdAt, toSnapshot(post));
    this.#statements.change.run(
      post.id,
      JSON.stringify(affectedTags(null, { ...post, content: '' })),
      post.createdAt,
    );
    this.#count(generated, sortAt);
    this.#written += 1;
    if (this.#written % postsInTransaction === 0) this.#database.exec('commit; begin');
  }

  async finish(): Promise<void> {
    const total = this.#database.prepare(
      `insert into post_totals (scope, scope_id, type, status, shard, total) values (?, ?, ?, ?, 0, ?)
       on conflict (scope, type, status, scope_id, shard) do update set total = total + excluded.total`,
    );
    for (const { key, total: added } of this.#totals.values()) total.run(...key, added);
    this.#database.exec("insert into post_search (post_search) values ('optimize')");
    this.#setSearch('hashsize', 1024 * 1024);
    this.#setSearch('automerge', 4);
    this.#database.exec('commit; pragma synchronous = full; pragma journal_mode = wal');
    this.#database.close();
  }

  #setSearch(option: string, value: number): void {
    this.#database
      .prepare('insert into post_search (post_search, rank) values (?, ?)')
      .run(option, BigInt(value));
  }

  #prepare() {
    const database = this.#database;
    return {
      post: database.prepare(
        `insert into posts (seq, id, type, status, slug, title, format, excerpt, excerpt_is_custom, author_id,
           reading_minutes, version, published_at, sort_at, created_at, updated_at, content, html)
         values (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, 1, ?, ?, ?, ?, ?, ?)`,
      ),
      tag: database.prepare(
        'insert into post_tags (post_id, tag_id, position, type, status, sort_at) values (?, ?, ?, ?, ?, ?)',
      ),
      search: database.prepare('insert into post_search (rowid, title, tags, body) values (?, ?, ?, ?)'),
      revision: database.prepare(
        'insert into revisions (post_id, version, title, created_at, snapshot) values (?, 1, ?, ?, ?)',
      ),
      change: database.prepare(
        "insert into changes (kind, subject_id, tags, created_at) values ('post.created', ?, ?, ?)",
      ),
    };
  }

  #insertNames(table: 'authors' | 'tags', names: readonly Named[]): void {
    const statement = this.#database.prepare(
      `insert into ${table} (id, slug, name) values (?, ?, ?) on conflict do nothing`,
    );
    for (const { id, slug, name } of names) statement.run(id, slug, name);
  }

  #count({ post, author, tags }: GeneratedPost, sortAt: string): void {
    const scopes = [
      ['all', ''],
      ['author', author.id],
      ['month', sortAt.slice(0, 7)],
    ];
    for (const [scope = '', id = ''] of [...scopes, ...tags.map((tag) => ['tag', tag.id])]) {
      const key = [scope, id, post.type, post.status];
      const name = key.join(' ');
      const known = this.#totals.get(name);
      if (known) known.total += 1;
      else this.#totals.set(name, { key, total: 1 });
    }
  }
}
