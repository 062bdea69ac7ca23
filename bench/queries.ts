/**
 * What uncached requests ask of the database, at growing sizes: `npm run bench:queries`.
 *
 *   npm run bench:queries                           1,000 and 100,000 generated posts, in a temporary folder
 *   npm run bench:queries -- --large                1,000,000 too: 10 GB of disk, and some minutes to make
 *   npm run bench:queries -- --database sqlite:/tmp/1m.db   also this one, made by bench:data before
 *
 * Medians in milliseconds, through the application's services; in brackets the ratio to the first size.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BlogSystem, createBlogSystem } from '../src/app.ts';
import { withProgress } from '../src/cli/progress.ts';
import { table } from '../src/cli/terminal.ts';
import { GeneratedBlog, numberWord } from './data/blog.ts';
import { fillDatabase } from './data/fill.ts';
import { Random } from './data/random.ts';

const rounds = 200;
const searchRounds = 40;

const { values } = parseArgs({ options: { large: { type: 'boolean' }, database: { type: 'string' } } });
const generated = new GeneratedBlog();
/** A frequent word, one of the middle, and one that few posts have. */
const words = { frequent: generated.word(1), middling: generated.word(300), rare: generated.word(25_000) };

interface Query {
  rounds: number;
  run(blog: BlogSystem, slugs: readonly string[], random: Random): Promise<unknown>;
}

const queries: Record<string, Query> = {
  'list, newest': { rounds, run: ({ posts }) => posts.list({ limit: 10 }) },
  'list, offset 900': { rounds, run: ({ posts }) => posts.list({ limit: 10, offset: 900 }) },
  'list, offset 10,000': { rounds, run: ({ posts }) => posts.list({ limit: 10, offset: 10_000 }) },
  'tag list, most used': { rounds, run: ({ posts }) => posts.list({ limit: 10, tag: 'tag-1' }) },
  'tag list, hundredth': { rounds, run: ({ posts }) => posts.list({ limit: 10, tag: 'tag-100' }) },
  'author list': { rounds, run: ({ posts }) => posts.list({ limit: 10, author: 'author-1' }) },
  'single post': {
    rounds,
    run: ({ posts }, slugs, random) => posts.find(slugs[random.below(slugs.length)] ?? ''),
  },
  'search, frequent word': {
    rounds: searchRounds,
    run: ({ posts }) => posts.list({ limit: 10, q: words.frequent }),
  },
  'search, two words': {
    rounds: searchRounds,
    run: ({ posts }) => posts.list({ limit: 10, q: `${words.middling} ${words.frequent}` }),
  },
  'search, rare word': { rounds: searchRounds, run: ({ posts }) => posts.list({ limit: 10, q: words.rare }) },
  'search, beginning of a rare word': {
    rounds: searchRounds,
    run: ({ posts }) => posts.list({ limit: 10, q: numberWord(777) }),
  },
};

const folder = await mkdtemp(join(tmpdir(), 'broadsheet-bench-'));
try {
  const results: { posts: number; medians: number[] }[] = [];
  for (const count of values.large ? [1000, 100_000, 1_000_000] : [1000, 100_000]) {
    const url = `sqlite:${join(folder, `${count}.db`)}`;
    await withProgress('post', (progress) =>
      fillDatabase(url, count, (done, total) => progress.update(done, total)),
    );
    results.push(await measure(url));
  }
  if (values.database) results.push(await measure(values.database));
  const first = results[0];
  const rows = Object.keys(queries).map((name, index) => [
    name,
    ...results.map(({ medians }) => cell(medians[index] ?? 0, first?.medians[index] ?? 0)),
  ]);
  const sizes = results.map(({ posts }) => `${posts.toLocaleString('en-US')} posts`);
  console.log(table([['', ...sizes], ...rows]));
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure(url: string): Promise<{ posts: number; medians: number[] }> {
  const blog = await createBlogSystem({
    database: { url },
    log: { level: 'silent' },
    performance: { backgroundTasks: false },
  });
  try {
    const { total, posts } = await blog.posts.list({ limit: 100, offset: 300 });
    const slugs = posts.map(({ slug }) => slug);
    // Once without noting it: the first query of a kind is prepared.
    for (const query of Object.values(queries)) await query.run(blog, slugs, new Random(1));
    const medians: number[] = [];
    for (const query of Object.values(queries)) medians.push(await median(blog, slugs, query));
    return { posts: total, medians };
  } finally {
    await blog.close();
  }
}

async function median(blog: BlogSystem, slugs: readonly string[], query: Query): Promise<number> {
  const random = new Random(7);
  const times: number[] = [];
  for (let round = 0; round < query.rounds; round++) {
    const startedAt = performance.now();
    await query.run(blog, slugs, random);
    times.push(performance.now() - startedAt);
  }
  times.sort((left, right) => left - right);
  return times[Math.floor(times.length / 2)] ?? 0;
}

function cell(milliseconds: number, reference: number): string {
  return `${milliseconds.toFixed(2)} (${(milliseconds / reference).toFixed(2)})`;
}
