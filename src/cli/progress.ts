/** A progress bar on a terminal; a line now and then where the output is a file or a pipe. */
import { amount } from './terminal.ts';

/** What it needs of a stream; `process.stderr` is one. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

const redrawMilliseconds = 80;
const lineMilliseconds = 5000;
const clearLine = '\r\u001B[2K';

/** Shows progress on standard error while `work` runs. */
export async function withProgress<T>(noun: string, work: (progress: Progress) => Promise<T>): Promise<T> {
  const progress = new Progress(noun);
  try {
    return await work(progress);
  } finally {
    progress.finish();
  }
}

export class Progress {
  readonly #noun: string;
  readonly #stream: ProgressStream;
  readonly #now: () => number;
  #lastShown: number;
  #done = 0;
  #total: number | undefined;

  constructor(
    noun: string,
    stream: ProgressStream = process.stderr,
    now: () => number = () => performance.now(),
  ) {
    this.#noun = noun;
    this.#stream = stream;
    this.#now = now;
    this.#lastShown = now() - (stream.isTTY ? redrawMilliseconds : 0);
  }

  /** @param total undefined as long as it is not known */
  update(done: number, total: number | undefined): void {
    this.#done = done;
    this.#total = total;
    const interval = this.#stream.isTTY ? redrawMilliseconds : lineMilliseconds;
    if (this.#now() - this.#lastShown < interval) return;
    this.#lastShown = this.#now();
    this.#stream.write(this.#stream.isTTY ? clearLine + this.#bar() : `${this.#counts()}\n`);
  }

  /** Writes something else with `write`, above the bar. */
  interrupt(write: () => void): void {
    this.#clear();
    write();
    // The next update draws the bar again, which a burst of messages should not do each time.
  }

  /** Takes the bar away; the caller's summary follows. */
  finish(): void {
    this.#clear();
  }

  #clear(): void {
    if (this.#stream.isTTY) this.#stream.write(clearLine);
  }

  #bar(): string {
    const counts = this.#counts();
    const room = Math.min(40, (this.#stream.columns || 80) - counts.length - 4);
    if (!this.#total || room < 5) return counts;
    const filled = Math.round(Math.min(1, this.#done / this.#total) * room);
    return `${'█'.repeat(filled)}${'░'.repeat(room - filled)}  ${counts}`;
  }

  #counts(): string {
    if (!this.#total) return amount(this.#done, this.#noun);
    const percent = Math.floor(Math.min(1, this.#done / this.#total) * 100);
    return `${this.#done.toLocaleString('en-US')} of ${amount(this.#total, this.#noun)} (${percent} %)`;
  }
}
