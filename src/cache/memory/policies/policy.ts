/** The contract between the memory tier, which owns entries and bytes, and a policy, which decides what goes first. */

/**
 * What a policy needs of an entry. Links and segment belong to the policy (an intrusive list: a hit allocates nothing);
 * the rest is read-only to it. An entry is in at most one policy at a time.
 */
export interface Evictable<Self> {
  /** 32-bit hash of the key. */
  readonly hash: number;
  /** Bytes that the entry costs, index structures included. */
  readonly weight: number;
  /** When the entry can be dropped, milliseconds of the cache's clock. */
  readonly removeAt: number;
  older: Self | undefined;
  newer: Self | undefined;
  /** Which of its lists the policy keeps the entry in, or its place in a heap. */
  segment: number;
  /** How often the entry was used, where a policy counts that in the entry. */
  uses: number;
}

export interface EvictionPolicy<Node> {
  /** Bytes of the policy's own structures besides the entries' links. */
  readonly overheadBytes: number;
  /** Takes in a new entry. */
  insert(node: Node): void;
  /** Notes a hit. */
  touch(node: Node): void;
  /** Puts `next` in the place of `previous`: the same key, a new value. */
  replace(previous: Node, next: Node): void;
  /** Forgets an entry, whatever the reason. */
  remove(node: Node): void;
  /** The entry to evict next, still in the policy; undefined when it is empty. */
  victim(): Node | undefined;
}

export type PolicyName = 'tinylfu' | 'lru' | 'lfu' | 'ttl';
