import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import type { BlogSystem } from '../../app.ts';
import type { DatabaseConfig } from '../../config/schema.ts';
import { sqlitePath } from '../../config/sqlite-path.ts';
import { explainFailure } from '../failure.ts';
import type { Finding } from './finding.ts';

const mebibyte = 1024 * 1024;

/** Opens the database without changing it; looks at the disk below it. */
export async function checkDatabase(config: DatabaseConfig): Promise<Finding[]> {
  const path = sqlitePath(config.url);
  if (path === null) return inspect(config);
  const place = [...(await checkFolder(dirname(path))), ...(await checkDisk(nearestFolder(path)))];
  if (existsSync(path)) return [...(await inspect(config)), ...place];
  const text = `${path} is not there yet; broadsheet serve makes it`;
  return [{ level: 'ok', subject: 'Database', text }, ...place];
}

async function inspect(config: DatabaseConfig): Promise<Finding[]> {
  const { openDatabase } = await import('../../app.ts');
  try {
    const database = await openDatabase(config);
    try {
      const findings = [await latency(database), await migrations(database)];
      return database.kind === 'sqlite' ? [...findings, await integrity(database)] : findings;
    } finally {
      await database.close();
    }
  } catch (error) {
    return [{ level: 'failure', subject: 'Database', text: explainFailure(error) }];
  }
}

type Database = BlogSystem['database'];

async function latency(database: Database): Promise<Finding> {
  const milliseconds = await database.ping();
  return {
    level: 'ok',
    subject: 'Database',
    text: `${await database.version()} answers in ${milliseconds.toFixed(1)} ms`,
  };
}

async function migrations(database: Database): Promise<Finding> {
  const status = await database.migrationStatus();
  const pending = status.filter(({ appliedAt }) => appliedAt === null).map(({ name }) => name);
  if (pending.length === 0)
    return { level: 'ok', subject: 'Migrations', text: `all ${status.length} applied` };
  return {
    level: 'warning',
    subject: 'Migrations',
    text: `still to be applied: ${pending.join(', ')}`,
    fix: 'run broadsheet migrate; broadsheet serve does it too',
  };
}

/** SQLite's quick check: the structure of the file, not whether each index matches its table. */
async function integrity(database: Database): Promise<Finding> {
  const { rows } = await sql<{ quick_check: string }>`pragma quick_check(3)`.execute(database.reader);
  const complaints = rows.map((row) => row.quick_check).filter((line) => line !== 'ok');
  if (complaints.length === 0) return { level: 'ok', subject: 'Integrity', text: 'the file is sound' };
  return {
    level: 'failure',
    subject: 'Integrity',
    text: `the file is damaged: ${complaints.join('; ')}`,
    fix: 'stop the blog, keep a copy of the file, and restore a backup (or try sqlite3 FILE .recover)',
  };
}

/** Really writes, since permissions do not tell of read-only file systems and quotas. */
async function checkFolder(folder: string): Promise<Finding[]> {
  const probe = join(nearestFolder(folder), `.broadsheet-doctor-${randomUUID()}`);
  try {
    await writeFile(probe, 'broadsheet doctor\n', { flag: 'wx' });
    await rm(probe);
    return [{ level: 'ok', subject: 'Folder', text: `${folder} can be written` }];
  } catch (error) {
    const text = `${folder} cannot be written: ${error instanceof Error ? error.message : String(error)}`;
    const fix = 'give this user write access to the folder, or point DATABASE_URL elsewhere';
    return [{ level: 'failure', subject: 'Folder', text, fix }];
  }
}

async function checkDisk(folder: string): Promise<Finding[]> {
  const { bavail, bsize } = await statfs(folder);
  const free = Math.floor((bavail * bsize) / mebibyte);
  const text = `${free.toLocaleString('en-US')} MiB free`;
  const fix = 'free some space: without it, nothing can be written';
  if (free < 100) return [{ level: 'failure', subject: 'Disk', text, fix }];
  return free < 1024
    ? [{ level: 'warning', subject: 'Disk', text, fix }]
    : [{ level: 'ok', subject: 'Disk', text }];
}

/** The path itself or the first folder above it that exists: where what is missing would be made. */
function nearestFolder(path: string): string {
  return existsSync(path) ? path : nearestFolder(dirname(path));
}
