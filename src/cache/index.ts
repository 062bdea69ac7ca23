/** The cache, usable alone: `docs/cache.md` tells how it works. */
export type { CacheAnswer } from './answer.ts';
export type { Clock, Timer } from './clock.ts';
export { plainCodec, type ValueCodec } from './codec.ts';
export type { ChangeLogSource, LoggedChange } from './coherence/change-log.ts';
export type { CacheEntry } from './entry.ts';
export type { FailureEvent, LinkEvent } from './events.ts';
export { type CacheKey, type KeyPart, toKey } from './keys.ts';
export { CacheManager, type InvalidationRequest } from './manager.ts';
export type { PolicyName } from './memory/policies/policy.ts';
export type { CacheManagerOptions, EntryOptions, Fill, FillContext, FillOptions } from './options.ts';
export type { CacheStats } from './stats.ts';
