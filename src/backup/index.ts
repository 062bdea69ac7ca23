/** Copies of the whole database. */
export { backupDatabase } from './backup.ts';
export type { Manifest } from './backup-file.ts';
export { restoreDatabase } from './restore.ts';
