/** `broadsheet import`: brings content of other systems into the blog. */
import type { Command } from 'commander';
import type { BlogSystem } from '../app.ts';
import type { ImportOptions, ImportReport, Notice } from '../transfer/index.ts';
import { withBlog } from './blog.ts';
import { withProgress } from './progress.ts';
import { addSettingFlags } from './settings-flags.ts';
import { print, seconds, styled } from './terminal.ts';

type Importer = (posts: BlogSystem['posts'], path: string, options: ImportOptions) => Promise<ImportReport>;

const formats: Record<string, { what: string; load: () => Promise<Importer> }> = {
  markdown: {
    what: 'a folder of Markdown files with front matter (Jekyll, Hugo, Zola, Astro, Eleventy), or one file',
    load: async () => (await import('../transfer/index.ts')).importMarkdown,
  },
  wordpress: {
    what: "WordPress's export file (WXR)",
    load: async () => (await import('../transfer/index.ts')).importWordpress,
  },
  ghost: {
    what: "Ghost's export file (JSON)",
    load: async () => (await import('../transfer/index.ts')).importGhost,
  },
};

export function addImport(program: Command): void {
  const group = program
    .command('import')
    .description('import content; a second run changes only what changed at the source');
  for (const [format, { what, load }] of Object.entries(formats)) {
    const command = group
      .command(format)
      .description(`import ${what}`)
      .argument('<path>', what)
      .option('--dry-run', 'tell what would happen, and write nothing')
      .action(async (path: string, options: { dryRun?: true }) => {
        const importer = await load();
        process.exitCode = await withBlog(command, (blog) =>
          runImport(blog, importer, path, options.dryRun ?? false),
        );
      });
    addSettingFlags(command, ['database']);
  }
}

/** @returns the exit status: 1 when an item was broken */
async function runImport(
  blog: BlogSystem,
  importer: Importer,
  path: string,
  dryRun: boolean,
): Promise<number> {
  const report = await withProgress('item', (progress) =>
    importer(blog.posts, path, {
      dryRun,
      onProgress: (done, total) => progress.update(done, total),
      onNotice: (notice) => progress.interrupt(() => print(describe(notice))),
    }),
  );
  print(summary(report));
  return report.exitStatus;
}

const noticeStyles = { skipped: 'dim', warning: 'yellow', failed: 'red' } as const;

function describe({ kind, file, line, item, count, reason }: Notice): string {
  const place = line === undefined ? file : `${file}:${line}`;
  const subject = count === undefined ? item : `${item} (${count})`;
  return `${styled(noticeStyles[kind], kind.padEnd(7))}  ${place}  ${subject}: ${reason}`;
}

function summary(report: ImportReport): string {
  const counts = (['created', 'updated', 'unchanged', 'skipped', 'failed'] as const)
    .map((outcome) => `${report[outcome].toLocaleString('en-US')} ${outcome}`)
    .join(', ');
  const intro = report.dryRun ? 'Dry run, nothing was written; an import would say: ' : '';
  return `${intro}${counts}, in ${seconds(report.milliseconds)}.`;
}
