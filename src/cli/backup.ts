/** `broadsheet backup` and `broadsheet restore`: the whole blog in one file, and back. */
import type { Command } from 'commander';
import { loadConfig } from '../config/loader.ts';
import { redactUrl } from '../config/redact.ts';
import { version } from '../version.ts';
import { type Progress, withProgress } from './progress.ts';
import { addSettingFlags, settingFlags } from './settings-flags.ts';
import { amount, print, seconds } from './terminal.ts';

interface Options {
  force?: true;
}

export function addBackup(program: Command): void {
  const command = program
    .command('backup')
    .description('write the whole blog to one file, as it is at one instant; safe while it is served')
    .argument('<file>', 'where to, such as blog-2026-01-31.backup')
    .option('--force', 'replace the file if it exists')
    .action((file: string, options: Options) => backUp(command, file, options.force ?? false));
  addSettingFlags(command, ['database']);
}

export function addRestore(program: Command): void {
  const command = program
    .command('restore')
    .description('put a backup in the place of the database; stop the server first')
    .argument('<file>', 'what backup wrote')
    .option('--force', 'replace the database that is there')
    .action((file: string, options: Options) => restore(command, file, options.force ?? false));
  addSettingFlags(command, ['database']);
}

async function backUp(command: Command, file: string, force: boolean): Promise<void> {
  const { database } = await loadConfig({ flags: settingFlags(command) });
  const { backupDatabase } = await import('../backup/index.ts');
  const startedAt = performance.now();
  const { rows, payloadBytes } = await withProgress('megabyte', (progress) =>
    backupDatabase(database.url, file, version, {
      force,
      onProgress: inMegabytes(progress),
    }),
  );
  print(
    `Backed up ${amount(rows['posts'] ?? 0, 'post')} to ${file}: ${megabytes(payloadBytes)} in ${since(startedAt)}.`,
  );
}

async function restore(command: Command, file: string, force: boolean): Promise<void> {
  const { database } = await loadConfig({ flags: settingFlags(command) });
  const { restoreDatabase } = await import('../backup/index.ts');
  const startedAt = performance.now();
  const { rows, createdAt } = await withProgress('megabyte', (progress) =>
    restoreDatabase(file, database.url, {
      force,
      onProgress: inMegabytes(progress),
    }),
  );
  print(
    `Restored ${amount(rows['posts'] ?? 0, 'post')} of ${createdAt} to ${redactUrl(database.url)} in ${since(startedAt)}.`,
  );
}

function inMegabytes(progress: Progress): (done: number, total: number) => void {
  const whole = (bytes: number): number => Math.ceil(bytes / 1_000_000);
  return (done, total) => progress.update(whole(done), whole(total));
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function since(instant: number): string {
  return seconds(performance.now() - instant);
}
