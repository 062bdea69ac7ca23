/** The work of a copy: rows over, search index and totals made anew, everything compared. */

import type { Transaction } from 'kysely';
import { storedText } from '../content/stored-text.ts';
import type { SearchIndex } from '../database/search.ts';
import type { Tables } from '../database/tables.ts';
import { OperatorError } from '../errors.ts';
import { Checksum, type Connection, insertRows, type Row, readPages, type Table } from './rows.ts';
import { Totals } from './totals.ts';

export interface CopyTask {
  source: Connection;
  target: Transaction<Tables>;
  search: SearchIndex;
  tables: readonly Table[];
  /** Told how many more rows are done; each counts twice. */
  advance(rows: number): void;
}

export interface CopyReport {
  rows: Record<string, number>;
  /** The source's totals were not those of its posts; the copy's are. */
  mendedTotals: boolean;
}

/** @throws OperatorError when what the target has differs from what was read */
export async function runCopy(task: CopyTask): Promise<CopyReport> {
  const totals = new Totals();
  const sums = new Map<string, Checksum>();
  for (const table of task.tables) sums.set(table.name, await copyTable(task, table, totals));
  await totals.write(task.target);
  for (const table of task.tables) {
    const sum = sums.get(table.name);
    if (!sum?.equals(await readBack(task, table))) {
      throw new OperatorError(
        `What was copied of ${table.name} reads back differently, so nothing was kept. Please report it.`,
      );
    }
  }
  if (!(await totals.areIn(task.target))) throw new Error('the totals were not stored as they were counted');
  return {
    rows: Object.fromEntries([...sums].map(([name, { count }]) => [name, count])),
    mendedTotals: !(await totals.areIn(task.source)),
  };
}

async function copyTable(task: CopyTask, table: Table, totals: Totals): Promise<Checksum> {
  const sum = new Checksum();
  for await (const rows of readPages(task.source, table)) {
    await insertRows(task.target, table, rows);
    if (table.name === 'posts') await indexPosts(task, rows);
    for (const row of rows) {
      sum.add(row);
      totals.count(table.name, row);
    }
    task.advance(rows.length);
  }
  return sum;
}

async function readBack({ target, advance }: CopyTask, table: Table): Promise<Checksum> {
  const sum = new Checksum();
  for await (const rows of readPages(target, table)) {
    for (const row of rows) sum.add(row);
    advance(rows.length);
  }
  return sum;
}

async function indexPosts({ source, target, search }: CopyTask, posts: readonly Row[]): Promise<void> {
  const ids = posts.map((post) => String(post['id']));
  const named = await source
    .selectFrom('post_tags')
    .innerJoin('tags', 'tags.id', 'post_tags.tag_id')
    .select(['post_tags.post_id', 'tags.name'])
    .where('post_tags.post_id', 'in', ids)
    .orderBy('post_tags.position')
    .execute();
  const tagsOf = Map.groupBy(named, (row) => row.post_id);
  for (const post of posts) {
    const id = String(post['id']);
    const tags = (tagsOf.get(id) ?? []).map(({ name }) => name);
    await search.put(target, id, {
      title: String(post['title']),
      tags,
      text: storedText(String(post['html'])),
    });
  }
}
