/** The wish to stop: from Ctrl-C, a supervisor, or a terminal that closes. */

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A terminal signals every process of a group and a wrapper passes it on, so one key press may arrive twice. */
const echoMilliseconds = 500;

export interface StopSignal {
  /** Resolves with the name of the first signal. */
  received: Promise<NodeJS.Signals>;
  /** Leaves signals to Node.js again. */
  dispose(): void;
}

/** Listens from now on until it is disposed of. A second signal ends the process at once, with 128 and the signal's number. */
export function stopSignal(): StopSignal {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let firstAt: number | undefined;
  const onSignal = (signal: NodeJS.Signals, number: number): void => {
    if (firstAt !== undefined && performance.now() - firstAt > echoMilliseconds) process.exit(128 + number);
    firstAt ??= performance.now();
    resolve(signal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return {
    received: promise,
    dispose: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
