/** Opens the database that the settings name. */
import type { DatabaseConfig } from '../config/schema.ts';
import { sqlitePath } from '../config/sqlite-path.ts';
import { OperatorError } from '../errors.ts';
import type { DatabaseManager } from './manager.ts';
import { openSqlite } from './sqlite/open.ts';

/** @throws OperatorError that names the setting and the fix. */
export async function openDatabase(config: DatabaseConfig): Promise<DatabaseManager> {
  const path = sqlitePath(config.url);
  if (path !== null) return openSqlite(path);
  throw new OperatorError(
    'DATABASE_URL: this release runs on SQLite only; use sqlite:PATH, such as sqlite:data/broadsheet.db.',
  );
}
