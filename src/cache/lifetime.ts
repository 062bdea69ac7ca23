import type { Clock } from './clock.ts';
import type { ValueCodec } from './codec.ts';
import type { EntryDraft } from './entry.ts';
import { entryScopes, tagsOf } from './keys.ts';
import type { StoredEntry } from './shared/store.ts';
import { decodeEntry, encodeEntry, type Lifetime } from './shared/wire-format.ts';

/** When and after what an entry came to be, in the numbers of this process. */
export interface Provenance {
  readonly since: number;
  readonly order: number;
  /** When the source was asked, milliseconds of the clock. */
  readonly askedAt: number;
}

/** The settings that turn a ttl into a lifetime. */
export interface LifetimeRules {
  readonly jitter: number;
  readonly refreshAfter: number;
}

/** An entry for a value that was just made. */
export function draftOf<Value>(
  key: string,
  value: Value,
  tags: readonly string[],
  lifetime: Lifetime,
  now: number,
  provenance: Provenance,
  codec: ValueCodec<Value>,
): EntryDraft<Value> {
  return {
    key,
    value,
    tags,
    scopes: entryScopes(key, tags),
    createdAt: now,
    freshUntil: now + lifetime.freshMs,
    staleUntil: now + lifetime.freshMs + lifetime.staleMs,
    refreshAt: now + lifetime.refreshAfterMs,
    revalidateFor: lifetime.revalidateMs,
    since: provenance.since,
    order: provenance.order,
    verifiedAt: provenance.askedAt,
    size: codec.sizeOf(value),
  };
}

/** Chance only shortens: a ttl may be a promise that something changes when it ends. */
export function lifetimeOf(
  options: { ttl: number; stale: number; revalidate: number },
  rules: LifetimeRules,
  clock: Clock,
): Lifetime {
  const freshMs = options.ttl * (1 - rules.jitter * clock.random());
  // Nodes refresh at moments of their own, so that the first does it for all.
  const spread = 1 - 0.1 * clock.random();
  const refreshAfterMs = rules.refreshAfter >= 1 ? freshMs : freshMs * rules.refreshAfter * spread;
  return { freshMs, staleMs: options.stale, refreshAfterMs, revalidateMs: options.revalidate };
}

export function toWire<Value>(draft: EntryDraft<Value>, codec: ValueCodec<Value>): Buffer {
  return encodeEntry({
    value: codec.encode(draft.value),
    freshMs: draft.freshUntil - draft.createdAt,
    staleMs: draft.staleUntil - draft.freshUntil,
    refreshAfterMs: draft.refreshAt - draft.createdAt,
    revalidateMs: draft.revalidateFor,
  });
}

/** An entry from the shared tier: its age follows from how long that keeps it, so no two clocks are compared. */
export function fromWire<Value>(
  key: string,
  stored: StoredEntry,
  now: number,
  provenance: Provenance,
  codec: ValueCodec<Value>,
): EntryDraft<Value> | undefined {
  const wire = decodeEntry(stored.data);
  if (wire === undefined) return undefined;
  const value = codec.decode(wire.value);
  const staleUntil = provenance.askedAt + stored.remainingMs;
  const createdAt = Math.min(now, staleUntil - wire.staleMs - wire.freshMs);
  return {
    key,
    value,
    tags: tagsOf(stored.scopes),
    scopes: stored.scopes,
    createdAt,
    freshUntil: staleUntil - wire.staleMs,
    staleUntil,
    refreshAt: staleUntil - wire.staleMs - wire.freshMs + wire.refreshAfterMs,
    revalidateFor: wire.revalidateMs,
    since: provenance.since,
    order: provenance.order,
    verifiedAt: provenance.askedAt,
    size: codec.sizeOf(value),
  };
}
