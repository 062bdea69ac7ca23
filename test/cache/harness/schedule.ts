/** Steps that are ready to happen; the test decides which one does. Whoever awaits a point waits for that decision. */
export class Schedule {
  private readonly ready: (() => void)[] = [];

  get size(): number {
    return this.ready.length;
  }

  /** A point where the order can change. */
  point(): Promise<void> {
    return new Promise((resolve) => {
      this.ready.push(resolve);
    });
  }

  /** Lets one of the waiting steps happen, and all that follows from it up to its next point. */
  async step(choice: number): Promise<void> {
    const [chosen] = this.ready.splice(choice % Math.max(1, this.ready.length), 1);
    chosen?.();
    await quiet();
  }
}

/** Until nothing more happens by itself: one turn of the event loop runs every promise that is ready. */
export function quiet(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
