/** Opens the database that the settings name. */
import type { DatabaseConfig } from '../config/schema.ts';
import { OperatorError } from '../errors.ts';
import type { DatabaseManager } from './manager.ts';
import { openSqlite } from './sqlite/open.ts';

/** @throws OperatorError that names the setting and the fix. */
export async function openDatabase(config: DatabaseConfig): Promise<DatabaseManager> {
  if (config.url.startsWith('sqlite:')) return openSqlite(config.url.slice('sqlite:'.length));
  throw new OperatorError(
    'DATABASE_URL: this release runs on SQLite only; use sqlite:PATH, such as sqlite:data/broadsheet.db.',
  );
}
