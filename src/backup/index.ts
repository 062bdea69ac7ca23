/** Copies of the whole database. */
export { backupDatabase } from './backup.ts';
export type { Manifest } from './backup-file.ts';
export { copyDatabase } from './copy.ts';
export { restoreDatabase } from './restore.ts';
export type { CopyReport } from './run-copy.ts';
