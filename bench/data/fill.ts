/** Fills a database with generated posts. */
import { sqlitePath } from '../../src/config/sqlite-path.ts';
import { openDatabase } from '../../src/database/open.ts';
import { OperatorError } from '../../src/errors.ts';
import { GeneratedBlog } from './blog.ts';
import { SqliteBulkWriter } from './sqlite-writer.ts';

export interface Filled {
  posts: number;
  /** Of the posts alone, without merging the search index at the end. */
  writingSeconds: number;
  totalSeconds: number;
}

/** Adds `count` posts to the database at `url`, which is made and migrated where needed. */
export async function fillDatabase(
  url: string,
  count: number,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Filled> {
  const path = sqlitePath(url);
  if (path === null) throw new OperatorError('--database: generated posts go into SQLite; use sqlite:PATH.');
  const database = await openDatabase({ url, poolSize: 1, replicaUrls: [] });
  await database.migrate();
  await database.close();
  const startedAt = performance.now();
  const blog = new GeneratedBlog();
  const writer = new SqliteBulkWriter(path, blog);
  for (let done = 0; done < count; done++) {
    await writer.write(blog.post(writer.existing + done));
    if (done % 1000 === 0) onProgress(done, count);
  }
  const writingSeconds = (performance.now() - startedAt) / 1000;
  await writer.finish();
  return { posts: count, writingSeconds, totalSeconds: (performance.now() - startedAt) / 1000 };
}
