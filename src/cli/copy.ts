/** `broadsheet copy`: moves the whole blog to another database. */
import type { Command } from 'commander';
import { OperatorError } from '../errors.ts';
import { withProgress } from './progress.ts';
import { amount, print, seconds } from './terminal.ts';

export function addCopy(program: Command): void {
  program
    .command('copy')
    .description('copy the whole blog from one database to another, and compare')
    .argument('<from>', 'sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME')
    .argument('<to>', 'likewise; an empty database, or a new file')
    .option('--force', 'replace what the target has')
    .action((from: string, to: string, options: { force?: true }) => copy(from, to, options.force ?? false));
}

async function copy(from: string, to: string, force: boolean): Promise<void> {
  refuseOthers('FROM', from);
  refuseOthers('TO', to);
  const { copyDatabase } = await import('../backup/index.ts');
  const startedAt = performance.now();
  const { rows, mendedTotals } = await withProgress('row', (progress) =>
    copyDatabase(from, to, { force, onProgress: (done, total) => progress.update(done, total) }),
  );
  const all = Object.values(rows).reduce((sum, count) => sum + count, 0);
  print(
    `Copied ${amount(rows['posts'] ?? 0, 'post')} (${amount(all, 'row')}) in ${seconds(performance.now() - startedAt)}; ` +
      'every table was read back and is the same.',
  );
  if (mendedTotals) print('The totals of the source did not match its posts; those of the copy do.');
}

function refuseOthers(name: string, url: string): void {
  if (/^(sqlite:|postgres(ql)?:\/\/)./.test(url)) return;
  throw new OperatorError(`${name} must be sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME.`);
}
