/**
 * The tables, as both databases have them. Points in time are RFC 3339 strings in UTC with milliseconds
 * (`2026-01-31T12:00:00.000Z`), which sort as text; ids are UUIDv7 (RFC 9562).
 */
import type { Generated } from 'kysely';

export type PostType = 'post' | 'page';
export type PostStatus = 'draft' | 'scheduled' | 'published';
export type ContentFormat = 'markdown' | 'html';

export interface PostsTable {
  id: string;
  type: PostType;
  status: PostStatus;
  slug: string;
  title: string;
  content: string;
  format: ContentFormat;
  html: string;
  excerpt: string;
  /** 1 when the excerpt was written by a person, 0 when it was made from the content. */
  excerpt_is_custom: number;
  author_id: string;
  feature_image: string | null;
  canonical_url: string | null;
  meta_title: string | null;
  meta_description: string | null;
  reading_minutes: number;
  version: number;
  published_at: string | null;
  /** What lists are ordered by: `published_at`, or the creation of what has none yet. */
  sort_at: string;
  created_at: string;
  updated_at: string;
  /** Where an imported post came from (`ghost:ID`), so that a second import finds it; null for what was written here. */
  source: string | null;
  /** Digest of the imported item, so that an unchanged one is left alone. */
  source_digest: string | null;
}

export interface TagsTable {
  id: string;
  slug: string;
  name: string;
  description: string | null;
}

export interface AuthorsTable {
  id: string;
  slug: string;
  name: string;
  bio: string | null;
  image: string | null;
  website: string | null;
}

/** `type`, `status` and `sort_at` repeat the post's, so that a tag's list is one index seek. */
export interface PostTagsTable {
  post_id: string;
  tag_id: string;
  position: number;
  type: PostType;
  status: PostStatus;
  sort_at: string;
}

/** Maintained totals: the sum over the shards of a key, so that counting never reads posts and writers don't queue on one row. */
export interface PostTotalsTable {
  scope: 'all' | 'tag' | 'author' | 'month';
  /** The tag's or author's id, or the month as `2026-01`; empty for `all`. */
  scope_id: string;
  type: PostType;
  status: PostStatus;
  shard: number;
  total: number;
}

export interface RevisionsTable {
  post_id: string;
  version: number;
  title: string;
  /** The editable fields as JSON, see blog/posts/revisions. */
  snapshot: string;
  created_at: string;
}

/** Old paths: either of a post, whose current address is looked up, or to a fixed target. */
export interface RedirectsTable {
  path: string;
  post_id: string | null;
  target: string | null;
  created_at: string;
}

export interface UsersTable {
  id: string;
  email: string;
  name: string;
  password_hash: string;
  role: 'owner' | 'editor' | 'author';
  author_id: string | null;
  created_at: string;
}

export interface TokensTable {
  id: string;
  name: string;
  /** SHA-256 of the token, hex. The token itself has 256 random bits, so a slow hash would add nothing. */
  hash: string;
  role: 'owner' | 'editor' | 'author';
  /** JSON array of scopes. */
  scopes: string;
  user_id: string | null;
  expires_at: string | null;
  created_at: string;
  last_used_at: string | null;
}

export interface SessionsTable {
  hash: string;
  user_id: string;
  created_at: string;
  expires_at: string;
}

export interface SettingsTable {
  key: string;
  value: string;
  updated_at: string;
}

/** The change log: one row for each change of content, in the transaction that made it. */
export interface ChangesTable {
  sequence: Generated<number>;
  kind: string;
  subject_id: string;
  /** JSON array of the cache tags that the change touches. */
  tags: string;
  created_at: string;
}

export interface IdempotencyKeysTable {
  /** Who sent it and the key, so that clients can't meet each other's. */
  key: string;
  /** SHA-256 of the request, hex: the same key with another request is a mistake of the client. */
  request_digest: string;
  /** JSON of what the first request was answered with. */
  answer: string;
  created_at: string;
}

/**
 * Background work that is planned, runs, or was given up. Points in time are milliseconds since the epoch by the
 * database's clock, so that leases need no agreement between the clocks of nodes.
 */
export interface JobsTable {
  id: string;
  task: string;
  /** Names what is planned, for planning it anew; null for what needs no name. */
  key: string | null;
  /** JSON. */
  payload: string;
  due_at: number;
  /** Grows when the job is planned anew, so that whoever runs it meanwhile doesn't take it off the table. */
  revision: number;
  attempts: number;
  last_error: string | null;
  /** Who runs it, until when others leave it alone. */
  lease_id: string | null;
  lease_until: number | null;
  /** Since when it is given up; null while it is not. */
  dead_at: number | null;
  created_at: number;
}

export interface Tables {
  posts: PostsTable;
  tags: TagsTable;
  authors: AuthorsTable;
  post_tags: PostTagsTable;
  post_totals: PostTotalsTable;
  revisions: RevisionsTable;
  redirects: RedirectsTable;
  users: UsersTable;
  tokens: TokensTable;
  sessions: SessionsTable;
  settings: SettingsTable;
  changes: ChangesTable;
  idempotency_keys: IdempotencyKeysTable;
  jobs: JobsTable;
}
