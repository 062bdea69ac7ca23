/** Everything that a cache takes from outside besides its stores: time, timers and chance. Tests bring their own. */
export interface Clock {
  /** Milliseconds from an arbitrary start; never goes back and has no relation to the time of day. */
  now(): number;
  /** Calls back after this many milliseconds, once. The timer keeps no process alive. */
  schedule(milliseconds: number, callback: () => void): Timer;
  /** 0 ≤ random < 1. */
  random(): number;
}

export interface Timer {
  cancel(): void;
}

/** How old the answer of `now()` may be: a hit must not pay for a system call. */
const RESOLUTION_MS = 1;

/** The monotonic clock of the process, read at most once a millisecond. */
export function systemClock(): Clock {
  let cached = 0;
  const forget = () => {
    cached = 0;
  };
  return {
    now() {
      if (cached === 0) {
        cached = performance.now();
        setTimeout(forget, RESOLUTION_MS).unref();
      }
      return cached;
    },
    schedule(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds);
      timer.unref();
      return { cancel: () => clearTimeout(timer) };
    },
    random: Math.random,
  };
}
