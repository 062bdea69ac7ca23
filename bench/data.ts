/**
 * Makes a large blog to measure on: `npm run bench:data -- --posts 1000000 --database sqlite:/tmp/large.db`.
 *
 * The database must be in use by nobody else meanwhile. Posts are added to what is there.
 */
import { parseArgs } from 'node:util';
import { withProgress } from '../src/cli/progress.ts';
import { fillDatabase } from './data/fill.ts';

const { values } = parseArgs({
  options: {
    posts: { type: 'string', default: '10000' },
    database: { type: 'string', default: 'sqlite:data/bench.db' },
  },
});
const count = Number(values.posts);
if (!Number.isSafeInteger(count) || count < 1) {
  console.error('bench:data: --posts must be a whole number from 1 up.');
  process.exit(1);
}
const { writingSeconds, totalSeconds } = await withProgress('post', (progress) =>
  fillDatabase(values.database, count, (done, total) => progress.update(done, total)),
);
const rate = Math.round(count / totalSeconds).toLocaleString('en-US');
console.log(
  `${count.toLocaleString('en-US')} posts in ${totalSeconds.toFixed(1)} s, ${rate} a second` +
    ` (${writingSeconds.toFixed(1)} s of it writing, the rest merging the search index).`,
);
