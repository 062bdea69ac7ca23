import type { Clock } from '../../../src/cache/clock.ts';

interface Scheduled {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that moves only when told to. */
export class FakeClock implements Clock {
  private time = 1000;
  private readonly timers = new Set<Scheduled>();
  private readonly chance: () => number;

  constructor(chance: () => number = () => 0.5) {
    this.chance = chance;
  }

  now(): number {
    return this.time;
  }

  random(): number {
    return this.chance();
  }

  schedule(milliseconds: number, callback: () => void) {
    const scheduled = { at: this.time + Math.max(0, milliseconds), callback };
    this.timers.add(scheduled);
    return { cancel: () => void this.timers.delete(scheduled) };
  }

  /** Moves on to the next timer that is due within so many milliseconds and calls it; false when none is. */
  step(milliseconds: number): boolean {
    const until = this.time + milliseconds;
    let next: Scheduled | undefined;
    for (const timer of this.timers) {
      if (timer.at <= until && (next === undefined || timer.at < next.at)) next = timer;
    }
    if (next === undefined) return false;
    this.timers.delete(next);
    this.time = Math.max(this.time, next.at);
    next.callback();
    return true;
  }

  /** Lets this much time pass, timers and what they set off included. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.time + milliseconds;
    await settle();
    while (this.step(until - this.time)) await settle();
    this.time = until;
  }
}

/** Runs all that is ready to run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}
