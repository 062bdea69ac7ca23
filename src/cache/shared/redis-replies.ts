import type { BusMessage, Position, ReadReply, StoreOutcome, SyncReply } from './store.ts';

/** The scripts' replies, from what the client gives (buffers, numbers, arrays) to the types of the store. */

/** The server answered in a way that the scripts never do. */
class UnexpectedReply extends Error {
  constructor(reply: unknown) {
    super(`unexpected reply from Redis: ${String(reply).slice(0, 80)}`);
    this.name = 'UnexpectedReply';
  }
}

const OUTCOMES: readonly StoreOutcome[] = ['stored', 'fenced', 'superseded', 'lost', 'full'];

export function toReadReply(reply: unknown): ReadReply {
  const fields = list(reply);
  const position = toPosition(fields);
  if (position === undefined) return { position, entry: undefined, lease: 'none', order: 0 };
  const [, , lease, order, remaining, scopes, data] = fields;
  return {
    position,
    entry: Buffer.isBuffer(data)
      ? { data, scopes: lines(text(scopes)), remainingMs: number(remaining) }
      : undefined,
    lease: toLease(text(lease)),
    order: number(order),
  };
}

export function toStoreOutcome(reply: unknown): StoreOutcome {
  const outcome = OUTCOMES.find((candidate) => candidate === text(reply));
  if (outcome === undefined) throw new UnexpectedReply(reply);
  return outcome;
}

/** @throws when the store had no valid epoch, so that nothing was noted. */
export function toInvalidationReply(reply: unknown): Position {
  const position = toPosition(list(reply));
  if (position === undefined) throw new UnexpectedReply('no epoch');
  return position;
}

export function toSyncReply(reply: unknown): SyncReply {
  const fields = list(reply);
  const position = toPosition(fields);
  if (position === undefined) throw new UnexpectedReply(reply);
  const [, , nonce, appliedChange, isComplete, ...missed] = fields;
  return {
    position,
    nonce: text(nonce),
    missed: number(isComplete) === 1 ? missed.map(text) : undefined,
    appliedChange: number(appliedChange),
  };
}

/** Undefined for what isn't one of ours. An empty epoch says that the store gave its epoch up. */
export function parseMessage(message: string): BusMessage | undefined {
  const [sender, changes, epoch, sequence, nonce, ...scopes] = message.split('\n');
  if (sender === undefined || changes === undefined || epoch === undefined || nonce === undefined)
    return undefined;
  return {
    sender,
    position: { epoch, sequence: Number(sequence) },
    nonce,
    scopes,
    changes: changes === '' ? [] : changes.split(',').map(Number),
  };
}

function toPosition([epoch, sequence]: readonly unknown[]): Position | undefined {
  const name = text(epoch);
  return name === '' ? undefined : { epoch: name, sequence: number(sequence) };
}

function toLease(word: string): ReadReply['lease'] {
  return word === 'granted' || word === 'held' ? word : 'none';
}

const lines = (value: string): string[] => (value === '' ? [] : value.split('\n'));

function list(reply: unknown): unknown[] {
  if (!Array.isArray(reply)) throw new UnexpectedReply(reply);
  return reply;
}

function text(reply: unknown): string {
  if (Buffer.isBuffer(reply)) return reply.toString();
  if (typeof reply === 'string') return reply;
  if (typeof reply === 'number') return String(reply);
  throw new UnexpectedReply(reply);
}

function number(reply: unknown): number {
  const value = Number(text(reply));
  if (Number.isNaN(value)) throw new UnexpectedReply(reply);
  return value;
}
