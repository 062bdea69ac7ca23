/** `broadsheet export`: writes the whole blog as a folder of Markdown. */
import type { Command } from 'commander';
import { withBlog } from './blog.ts';
import { withProgress } from './progress.ts';
import { addSettingFlags } from './settings-flags.ts';
import { amount, print, seconds } from './terminal.ts';

export function addExport(program: Command): void {
  const command = program
    .command('export')
    .description('write everything as Markdown with front matter, which can be imported again')
    .argument('<path>', 'a folder that is new or empty, or an earlier export')
    .action((path: string) => exportTo(command, path));
  addSettingFlags(command, ['database']);
}

async function exportTo(command: Command, path: string): Promise<void> {
  const { exportBlog } = await import('../transfer/index.ts');
  const report = await withBlog(command, (blog) =>
    withProgress('post', (progress) =>
      exportBlog(blog, path, { onProgress: (done, total) => progress.update(done, total) }),
    ),
  );
  const removed = report.removed > 0 ? `, ${amount(report.removed, 'old file')} removed` : '';
  const written = `${amount(report.posts, 'post')} and ${amount(report.pages, 'page')}`;
  print(`Exported ${written} to ${path} in ${seconds(report.milliseconds)}${removed}.`);
}
