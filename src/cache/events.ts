import { channel } from 'node:diagnostics_channel';

/**
 * What the cache tells whoever listens on `node:diagnostics_channel`; it knows no logger and no metrics.
 *
 * - `broadsheet:cache:link`: the shared tier began or ceased to be believed.
 * - `broadsheet:cache:failure`: background work failed: nobody waits for it, but an operator wants to know.
 */
export interface LinkEvent {
  readonly isTrusted: boolean;
  readonly reason: string;
}

export interface FailureEvent {
  readonly operation: 'refresh' | 'decode' | 'change-log';
  readonly key: string | undefined;
  readonly error: unknown;
}

const link = channel('broadsheet:cache:link');
const failure = channel('broadsheet:cache:failure');

export function reportLink(event: LinkEvent): void {
  if (link.hasSubscribers) link.publish(event);
}

export function reportFailure(event: FailureEvent): void {
  if (failure.hasSubscribers) failure.publish(event);
}
