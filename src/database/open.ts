/** Opens the database that the settings name. */
import type { DatabaseConfig } from '../config/schema.ts';
import { sqlitePath } from '../config/sqlite-path.ts';
import type { DatabaseManager } from './manager.ts';
import { openSqlite } from './sqlite/open.ts';

/** @throws OperatorError that names the setting and the fix. */
export async function openDatabase(config: DatabaseConfig): Promise<DatabaseManager> {
  const path = sqlitePath(config.url);
  if (path !== null) return openSqlite(path);
  // Loaded where it is used: a blog on SQLite needs no driver.
  const { openPostgres } = await import('./postgres/open.ts');
  return openPostgres(config);
}
