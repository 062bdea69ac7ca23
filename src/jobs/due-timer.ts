/** Runs a task whenever it is due, and asks the task itself when that is next. */
export interface DueTask {
  /** Does what is due. @returns when to come back (RFC 3339), or null when nothing is planned */
  run(): Promise<string | null>;
  onError(error: unknown): void;
}

/** Also the longest sleep: another node may have planned something meanwhile. */
const maxSleepMs = 60_000;
const retryMs = 5000;

export class DueTimer {
  readonly #task: DueTask;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isStopped = false;
  #isWokenMeanwhile = false;
  /** How often the task has run, and how often in vain, since the start. */
  runs = 0;
  failures = 0;

  constructor(task: DueTask) {
    this.#task = task;
  }

  /** To be called at the start, and whenever the plan may have changed. */
  wake(): void {
    if (this.#isStopped) return;
    if (this.#running) {
      this.#isWokenMeanwhile = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#running = this.#run();
  }

  /** Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    let sleepMs = retryMs;
    try {
      do {
        this.#isWokenMeanwhile = false;
        this.runs += 1;
        const next = await this.#task.run();
        sleepMs =
          next === null ? maxSleepMs : Math.min(maxSleepMs, Math.max(0, Date.parse(next) - Date.now()));
      } while (this.#isWokenMeanwhile && !this.#isStopped);
    } catch (error) {
      this.failures += 1;
      this.#task.onError(error);
    }
    this.#running = undefined;
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => this.wake(), sleepMs);
    // A sleeping task doesn't keep the process alive.
    this.#timer.unref();
  }
}
