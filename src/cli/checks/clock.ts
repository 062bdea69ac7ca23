import { stat } from 'node:fs/promises';
import type { DatabaseConfig } from '../../config/schema.ts';
import { sqlitePath } from '../../config/sqlite-path.ts';
import type { Finding } from './finding.ts';

const toleranceMilliseconds = 60_000;

/**
 * Compares the clock with what it has shown before: the last write of the database's files and of the program's own.
 * A clock that is behind publishes scheduled posts late.
 */
export async function checkClock({ url }: DatabaseConfig, now: Date = new Date()): Promise<Finding[]> {
  const path = sqlitePath(url);
  const program = new URL('../../../package.json', import.meta.url);
  const files = [program, ...(path === null ? [] : [path, `${path}-wal`])];
  const times = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  const latest = Math.max(...times);
  const text = `${now.toISOString()}, time zone ${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
  if (latest <= now.getTime() + toleranceMilliseconds) return [{ level: 'ok', subject: 'Clock', text }];
  return [
    {
      level: 'warning',
      subject: 'Clock',
      text: `${text}, but files were written at ${new Date(latest).toISOString()}`,
      fix: 'set the clock, best by a time service (timedatectl set-ntp true): scheduled posts go by it',
    },
  ];
}
