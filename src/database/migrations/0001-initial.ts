/** The first schema. */
import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from './column-types.ts';

export function initial(types: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createPeople(db, types);
      await createPosts(db, types);
      await createPostRelations(db, types);
      await createBookkeeping(db, types);
      await types.createSearchIndex(db);
    },
  };
}

async function createPeople(db: Kysely<unknown>, { id, instant }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('authors')
    .addColumn('id', id, (column) => column.primaryKey())
    .addColumn('slug', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('bio', 'text')
    .addColumn('image', 'text')
    .addColumn('website', 'text')
    .execute();
  await db.schema
    .createTable('users')
    .addColumn('id', id, (column) => column.primaryKey())
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('author_id', id, (column) => column.references('authors.id').onDelete('set null'))
    .addColumn('created_at', instant, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('tokens')
    .addColumn('id', id, (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull().unique())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('scopes', 'text', (column) => column.notNull())
    .addColumn('user_id', id, (column) => column.references('users.id').onDelete('cascade'))
    .addColumn('expires_at', instant)
    .addColumn('created_at', instant, (column) => column.notNull())
    .addColumn('last_used_at', instant)
    .execute();
  await db.schema
    .createTable('sessions')
    .addColumn('hash', 'text', (column) => column.primaryKey())
    .addColumn('user_id', id, (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('created_at', instant, (column) => column.notNull())
    .addColumn('expires_at', instant, (column) => column.notNull())
    .execute();
}

async function createPosts(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { id, instant } = types;
  const table: CreateTableBuilder<'posts', string> = db.schema.createTable('posts');
  await types
    .addRowNumber(table)
    .addColumn('id', id, (column) => types.postKey(column).notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('slug', 'text', (column) => column.notNull().unique())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('format', 'text', (column) => column.notNull())
    .addColumn('excerpt', 'text', (column) => column.notNull())
    .addColumn('excerpt_is_custom', 'integer', (column) => column.notNull())
    .addColumn('author_id', id, (column) => column.notNull().references('authors.id'))
    .addColumn('feature_image', 'text')
    .addColumn('canonical_url', 'text')
    .addColumn('meta_title', 'text')
    .addColumn('meta_description', 'text')
    .addColumn('reading_minutes', 'integer', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('published_at', instant)
    .addColumn('sort_at', instant, (column) => column.notNull())
    .addColumn('created_at', instant, (column) => column.notNull())
    .addColumn('updated_at', instant, (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.unique())
    .addColumn('source_digest', 'text')
    // Last, so that SQLite reads a summary without touching the pages that a long text overflows to.
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('html', 'text', (column) => column.notNull())
    .execute();
  // Each list that exists is one range of one of these.
  await createIndex(db, 'posts_listed', 'posts', ['type', 'status', 'sort_at', 'id']);
  await createIndex(db, 'posts_of_any_status', 'posts', ['type', 'sort_at', 'id']);
  await createIndex(db, 'posts_of_author', 'posts', ['author_id', 'type', 'status', 'sort_at', 'id']);
  await createIndex(db, 'posts_of_author_and_any_status', 'posts', ['author_id', 'type', 'sort_at', 'id']);
  await createIndex(db, 'posts_by_status', 'posts', ['status', 'published_at']);
}

async function createPostRelations(db: Kysely<unknown>, { id, instant }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('tags')
    .addColumn('id', id, (column) => column.primaryKey())
    .addColumn('slug', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('description', 'text')
    .execute();
  await db.schema
    .createTable('post_tags')
    .addColumn('post_id', id, (column) => column.notNull().references('posts.id').onDelete('cascade'))
    .addColumn('tag_id', id, (column) => column.notNull().references('tags.id').onDelete('cascade'))
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('sort_at', instant, (column) => column.notNull())
    .addPrimaryKeyConstraint('post_tags_key', ['post_id', 'tag_id'])
    .execute();
  await createIndex(db, 'post_tags_listed', 'post_tags', ['tag_id', 'type', 'status', 'sort_at', 'post_id']);
  await createIndex(db, 'post_tags_of_any_status', 'post_tags', ['tag_id', 'type', 'sort_at', 'post_id']);
  await db.schema
    .createTable('post_totals')
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('scope_id', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('shard', 'integer', (column) => column.notNull())
    .addColumn('total', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('post_totals_key', ['scope', 'type', 'status', 'scope_id', 'shard'])
    .execute();
  await db.schema
    .createTable('revisions')
    .addColumn('post_id', id, (column) => column.notNull().references('posts.id').onDelete('cascade'))
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('created_at', instant, (column) => column.notNull())
    .addColumn('snapshot', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('revisions_key', ['post_id', 'version'])
    .execute();
  await db.schema
    .createTable('redirects')
    .addColumn('path', 'text', (column) => column.primaryKey())
    .addColumn('post_id', id, (column) => column.references('posts.id').onDelete('cascade'))
    .addColumn('target', 'text')
    .addColumn('created_at', instant, (column) => column.notNull())
    .execute();
  await createIndex(db, 'redirects_of_post', 'redirects', ['post_id']);
}

async function createBookkeeping(db: Kysely<unknown>, { instant, sequence }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('settings')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('updated_at', instant, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('changes')
    .addColumn('sequence', sequence.type, sequence.build)
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('subject_id', 'text', (column) => column.notNull())
    .addColumn('tags', 'text', (column) => column.notNull())
    .addColumn('created_at', instant, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('idempotency_keys')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('request_digest', 'text', (column) => column.notNull())
    .addColumn('answer', 'text', (column) => column.notNull())
    .addColumn('created_at', instant, (column) => column.notNull())
    .execute();
  await createIndex(db, 'idempotency_keys_by_age', 'idempotency_keys', ['created_at']);
}

async function createIndex(
  db: Kysely<unknown>,
  name: string,
  table: string,
  columns: string[],
): Promise<void> {
  await sql`create index ${sql.id(name)} on ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})`.execute(
    db,
  );
}
