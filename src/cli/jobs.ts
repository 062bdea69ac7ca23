/** `broadsheet jobs`: the background tasks that wait, run, or were given up. */
import type { Command } from 'commander';
import type { BlogSystem } from '../app.ts';
import { OperatorError } from '../errors.ts';
import { withBlog } from './blog.ts';
import { addSettingFlags } from './settings-flags.ts';
import { amount, print, table } from './terminal.ts';

const listed = 1000;

export function addJobs(program: Command): void {
  const group = program.command('jobs').description('look at background tasks, and retry what was given up');
  const list = group
    .command('list')
    .description(
      `list the jobs of all nodes, the longest due first (at most ${listed.toLocaleString('en-US')})`,
    )
    .option('--dead', 'only those that were given up')
    .action((options: { dead?: true }) => withBlog(list, (blog) => listJobs(blog, options.dead ?? false)));
  const retry = group
    .command('retry')
    .description('have jobs that were given up run again, on any node that runs background tasks')
    .argument('[id...]', 'as broadsheet jobs list shows them')
    .option('--all', 'every job that was given up')
    .action((ids: string[], options: { all?: true }) =>
      withBlog(retry, (blog) => retryJobs(blog, ids, options.all ?? false)),
    );
  for (const command of [list, retry]) addSettingFlags(command, ['database']);
}

async function listJobs({ jobs }: BlogSystem, onlyDead: boolean): Promise<void> {
  const found = await jobs.list({ onlyDead, limit: listed });
  if (found.length === 0) {
    print(onlyDead ? 'No job was given up.' : 'There are no jobs; the first node that serves plans them.');
    return;
  }
  const rows = found.map((job) => [
    job.id,
    job.key ?? job.task,
    job.state,
    job.dueAt,
    String(job.attempts),
    job.lastError ?? job.runner ?? '-',
  ]);
  print(table([['ID', 'JOB', 'STATE', 'DUE', 'ATTEMPTS', 'LAST ERROR, OR WHO RUNS IT'], ...rows]));
}

async function retryJobs({ jobs }: BlogSystem, ids: string[], all: boolean): Promise<void> {
  if (all === ids.length > 0) {
    throw new OperatorError('name the jobs to retry, or say --all; broadsheet jobs list --dead shows them.');
  }
  if (all) {
    print(`${amount(await jobs.retryAll(), 'job')} will run again.`);
    return;
  }
  for (const id of ids) {
    if (await jobs.retry(id)) print(`Job ${id} will run again.`);
    else
      throw new OperatorError(
        `no job ${id} was given up; broadsheet jobs list --dead shows those that were.`,
      );
  }
}
