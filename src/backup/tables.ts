/** What a copy has to carry, and in which order. */
import type { Tables } from '../database/tables.ts';

type Keys = { [Name in keyof Tables]: readonly (keyof Tables[Name] & string)[] };

/**
 * The key of each table, by which it is read in pages. The tables stand in an order in which every row finds those that
 * it refers to. Nothing is left out: a new table doesn't compile before it has its place here.
 */
const keys: Keys = {
  authors: ['id'],
  tags: ['id'],
  users: ['id'],
  tokens: ['id'],
  sessions: ['hash'],
  settings: ['key'],
  posts: ['id'],
  post_tags: ['post_id', 'tag_id'],
  post_totals: ['scope', 'type', 'status', 'scope_id', 'shard'],
  revisions: ['post_id', 'version'],
  redirects: ['path'],
  changes: ['sequence'],
  idempotency_keys: ['key'],
  jobs: ['id'],
};

/** Made anew on the other side, as it depends on how many shards a database has. */
const rebuilt = 'post_totals';

export interface TablePlan {
  name: string;
  key: readonly string[];
}

export const everyTable: readonly TablePlan[] = Object.entries(keys).map(([name, key]) => ({ name, key }));

export const copiedTables: readonly TablePlan[] = everyTable.filter(({ name }) => name !== rebuilt);

const ofTheProgram: readonly string[] = [
  'settings',
  'jobs',
  'sessions',
  'idempotency_keys',
] satisfies (keyof Tables)[];

/** Where nothing is in these, nobody has written yet: a server that was started once keeps notes of its own. */
export const contentTables = everyTable.filter(({ name }) => !ofTheProgram.includes(name));

/** Has this name on both databases; what is in it is theirs. */
export const searchTable = 'post_search';
