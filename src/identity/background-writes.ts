/** Small writes that no request waits for: one at a time for each key. */
export class BackgroundWrites {
  readonly #running = new Map<string, Promise<void>>();

  /** Starts the write unless one for the key runs. A failure is dropped: the next request writes again. */
  start(key: string, write: () => Promise<void>): void {
    if (this.#running.has(key)) return;
    const done = write()
      .catch(() => undefined)
      .finally(() => this.#running.delete(key));
    this.#running.set(key, done);
  }

  /** Resolves when nothing runs any more. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }
}
