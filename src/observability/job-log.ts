/** Writes to the log what the runner of background tasks announces. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** The channels and events of jobs/events.ts; observability imports nobody. */
const runChannel = 'broadsheet:jobs:run';
const failureChannel = 'broadsheet:jobs:failure';

interface Log {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const runMessages = {
  done: { level: 'debug', text: 'background task done' },
  released: { level: 'debug', text: 'background task handed back, since this node stops' },
  lost: {
    level: 'warn',
    text: 'background task taken over by another node, since this one did not keep its lease',
  },
  retry: { level: 'warn', text: 'background task failed; it is tried again' },
  dead: {
    level: 'error',
    text: 'background task failed for the last time; broadsheet jobs retry runs it again',
  },
} as const;

/** @returns ends it */
export function logJobs(log: Log): () => void {
  const onRun = (message: unknown): void => {
    if (!isRunEvent(message)) return;
    const { outcome, id, task, attempts, seconds, error } = message;
    const { level, text } = runMessages[outcome];
    const fields = { task, job: id, attempts, ms: Math.round(seconds * 1000) };
    log[level](error === undefined || outcome === 'released' ? fields : { ...fields, err: error }, text);
  };
  const onFailure = (message: unknown): void => {
    if (message === null || typeof message !== 'object' || !('operation' in message)) return;
    const err = 'error' in message ? message.error : undefined;
    log.warn(
      { operation: message.operation, err },
      'the queue of background tasks cannot be used; trying again',
    );
  };
  subscribe(runChannel, onRun);
  subscribe(failureChannel, onFailure);
  return () => {
    unsubscribe(runChannel, onRun);
    unsubscribe(failureChannel, onFailure);
  };
}

interface RunEvent {
  outcome: keyof typeof runMessages;
  id: string;
  task: string;
  attempts: number;
  seconds: number;
  error?: unknown;
}

function isRunEvent(message: unknown): message is RunEvent {
  if (message === null || typeof message !== 'object' || !('outcome' in message)) return false;
  return typeof message.outcome === 'string' && message.outcome in runMessages;
}
