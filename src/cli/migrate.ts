/** `broadsheet migrate`: brings the database to this version of the program. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { loadConfig } from '../config/loader.ts';
import { redactUrl } from '../config/redact.ts';
import type { DatabaseConfig } from '../config/schema.ts';
import { sqlitePath } from '../config/sqlite-path.ts';
import { addSettingFlags, settingFlags } from './settings-flags.ts';
import { amount, print, table } from './terminal.ts';

export function addMigrate(program: Command): void {
  const command = program
    .command('migrate')
    .description('bring the database to this version; safe while other nodes serve')
    .option('--status', 'only list the migrations and whether they are applied')
    .action((options: { status?: true }) => migrate(command, options.status ?? false));
  addSettingFlags(command, ['database']);
}

async function migrate(command: Command, onlyStatus: boolean): Promise<void> {
  const { database: settings } = await loadConfig({ flags: settingFlags(command) });
  if (onlyStatus && isMissing(settings)) {
    print(`There is no database yet at ${redactUrl(settings.url)}; broadsheet migrate makes it.`);
    return;
  }
  const { openDatabase } = await import('../app.ts');
  const database = await openDatabase(settings);
  try {
    if (onlyStatus) {
      const rows = await database.migrationStatus();
      print(table(rows.map(({ name, appliedAt }) => [name, appliedAt ? `applied ${appliedAt}` : 'pending'])));
    } else {
      const applied = await database.migrate();
      for (const name of applied) print(`applied ${name}`);
      print(
        applied.length === 0
          ? 'The database is up to date.'
          : `${amount(applied.length, 'migration')} applied.`,
      );
    }
  } finally {
    await database.close();
  }
}

/** Opening a SQLite file that isn't there would make it, which asking must not do. */
function isMissing({ url }: DatabaseConfig): boolean {
  const path = sqlitePath(url);
  return path !== null && !existsSync(path);
}
