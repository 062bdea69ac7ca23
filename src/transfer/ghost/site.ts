/** Loads Ghost's export and joins its tables. */
import { readFile } from 'node:fs/promises';
import type { Static, TSchema } from 'typebox';
import Value from 'typebox/value';
import { OperatorError } from '../../errors.ts';
import { parseJson } from '../json.ts';
import { ItemError } from '../report.ts';
import { reasonOf } from '../system-error.ts';
import { decodeText } from '../text-file.ts';
import {
  type GhostMeta,
  GhostMetaSchema,
  type GhostTag,
  GhostTagSchema,
  type GhostUser,
  GhostUserSchema,
  PostAuthorSchema,
  PostTagSchema,
} from './export-file.ts';

export interface GhostSite {
  /** As they are in the file; each is checked when it is read. */
  posts: unknown[];
  meta: Map<string, GhostMeta>;
  /** In the order of the post. */
  tagsOf: (postId: string | number) => GhostTag[];
  /** The first is the author, the others are co-authors. */
  authorsOf: (postId: string | number, authorId: string | number | null | undefined) => GhostUser[];
}

/** @throws OperatorError when the file cannot be read or is no export of Ghost */
export async function readGhost(file: string): Promise<GhostSite> {
  const tables = tablesOf(file, parse(file, await read(file)));
  const tags = byId(rows(tables, 'tags', GhostTagSchema));
  const users = byId(rows(tables, 'users', GhostUserSchema));
  const postTags = grouped(rows(tables, 'posts_tags', PostTagSchema));
  const postAuthors = grouped(rows(tables, 'posts_authors', PostAuthorSchema));
  const meta = new Map(rows(tables, 'posts_meta', GhostMetaSchema).map((row) => [String(row.post_id), row]));
  const posts = tables['posts'];
  return {
    posts: Array.isArray(posts) ? posts : [],
    meta,
    tagsOf: (postId) => found(postTags.get(String(postId)) ?? [], (row) => tags.get(String(row.tag_id))),
    authorsOf(postId, authorId) {
      const authors = found(postAuthors.get(String(postId)) ?? [], (row) => users.get(String(row.author_id)));
      const single = users.get(String(authorId));
      return authors.length === 0 && single ? [single] : authors;
    },
  };
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new OperatorError(`${file} cannot be read: ${reasonOf(error)}.`, { cause: error });
  }
}

function parse(file: string, bytes: Buffer): unknown {
  try {
    return parseJson(decodeText(bytes), 'it');
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
    throw notAnExport(`${file}${error.line === undefined ? '' : `, line ${error.line}`}`, error.message);
  }
}

/** Ghost puts the tables under `db[0].data`, its older versions and other exporters under `data`. */
function tablesOf(file: string, json: unknown): Record<string, unknown> {
  const root = isRecord(json) && Array.isArray(json['db']) ? json['db'][0] : json;
  const tables = isRecord(root) ? root['data'] : undefined;
  if (isRecord(tables) && Array.isArray(tables['posts'])) return tables;
  throw notAnExport(file, 'it has no list of posts');
}

function notAnExport(place: string, reason: string): OperatorError {
  return new OperatorError(
    `${place}: not an export of Ghost: ${reason}. Make one under Settings, Import/Export; nothing was imported.`,
  );
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Rows that are not as expected are as good as absent: they only add to posts. */
function rows<Schema extends TSchema>(
  tables: Record<string, unknown>,
  name: string,
  schema: Schema,
): Static<Schema>[] {
  const table = tables[name];
  if (!Array.isArray(table)) return [];
  const list: unknown[] = table;
  return list.filter((row): row is Static<Schema> => Value.Check(schema, row));
}

function byId<Row extends { id: string | number }>(list: Row[]): Map<string, Row> {
  return new Map(list.map((row) => [String(row.id), row]));
}

interface Joined {
  post_id: string | number;
  sort_order?: number | null | undefined;
}

function grouped<Row extends Joined>(list: Row[]): Map<string, Row[]> {
  const groups = Map.groupBy(list, (row) => String(row.post_id));
  for (const group of groups.values()) group.sort((a, b) => (a.sort_order ?? 0) - (b.sort_order ?? 0));
  return groups;
}

function found<Row, Target>(list: Row[], find: (row: Row) => Target | undefined): Target[] {
  return list.map(find).filter((target) => target !== undefined);
}
