/** Feeds what a reader yields to the blog, batch by batch, and counts what came of it. */
import { performance } from 'node:perf_hooks';
import type { ImportedPost, ImportOutcome } from '../blog/posts/post.ts';
import type { ImportOptions, ImportTarget } from './ports.ts';
import type { ImportReport, Notice } from './report.ts';
import type { ImportReader, ReadPost } from './source.ts';

/** A batch is one transaction: long enough to make its commit cheap, short enough not to hold up other writers. */
const batchItems = 50;
const batchCharacters = 4_000_000;

/**
 * Imports everything that `reader` yields. A batch whose transaction fails as a whole (database gone, disk full) rejects;
 * the batches before it stay imported, and running the import again goes on where it stopped.
 */
export async function runImport(
  target: ImportTarget,
  reader: ImportReader,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const run = new ImportRun(target, reader.total, options);
  for await (const event of reader.events()) {
    if (event.kind === 'post') await run.add(event);
    else run.note(event);
  }
  return run.finish();
}

class ImportRun {
  readonly #started = performance.now();
  readonly #target: ImportTarget;
  readonly #total: number | undefined;
  readonly #options: ImportOptions;
  readonly #report: ImportReport;
  #batch: ReadPost[] = [];
  #characters = 0;
  #done = 0;

  constructor(target: ImportTarget, total: number | undefined, options: ImportOptions) {
    this.#target = target;
    this.#total = total;
    this.#options = options;
    this.#report = {
      dryRun: options.dryRun ?? false,
      created: 0,
      updated: 0,
      unchanged: 0,
      skipped: 0,
      failed: 0,
      milliseconds: 0,
      notices: [],
      exitStatus: 0,
    };
  }

  async add(read: ReadPost): Promise<void> {
    this.#batch.push(read);
    this.#characters += read.post.content.length;
    if (this.#batch.length >= batchItems || this.#characters >= batchCharacters) await this.#flush();
  }

  note(notice: Notice): void {
    const count = notice.count ?? 1;
    if (notice.kind === 'skipped') this.#report.skipped += count;
    if (notice.kind === 'failed') this.#report.failed += count;
    this.#report.notices.push(notice);
    this.#options.onNotice?.(notice);
    if (notice.kind !== 'warning' && notice.count === undefined) this.#advance(1);
  }

  async finish(): Promise<ImportReport> {
    await this.#flush();
    this.#report.milliseconds = Math.round(performance.now() - this.#started);
    this.#report.exitStatus = this.#report.failed > 0 ? 1 : 0;
    return this.#report;
  }

  async #flush(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#characters = 0;
    if (batch.length === 0) return;
    const outcomes = await this.#write(batch.map((read) => read.post));
    for (const [index, outcome] of outcomes.entries()) this.#count(outcome, batch[index]);
    this.#advance(outcomes.filter((outcome) => outcome.result !== 'failed').length);
  }

  #write(items: ImportedPost[]): Promise<ImportOutcome[]> {
    return this.#options.dryRun ? this.#target.previewImport(items) : this.#target.importBatch(items);
  }

  #count(outcome: ImportOutcome, read: ReadPost | undefined): void {
    if (outcome.result !== 'failed') {
      this.#report[outcome.result] += 1;
      return;
    }
    const place = { file: read?.file ?? '', line: read?.line, item: read?.item ?? outcome.source };
    this.note({ kind: 'failed', ...place, reason: outcome.reason });
  }

  #advance(by: number): void {
    this.#done += by;
    this.#options.onProgress?.(this.#done, this.#total);
  }
}
