/**
 * How often keys were used lately, estimated in a fixed space: a count-min sketch with four rows and ageing
 * (Einziger, Friedman, Manes: "TinyLFU: A Highly Efficient Cache Admission Policy", ACM TOS 2017).
 *
 * The four counters of a key lie in one block of 64 bytes, so that an access touches one cache line. Counters stop at
 * 15, and all are halved after ten times as many increments as entries: old popularity fades.
 */
const BLOCK_BYTES = 64;
const ROW_BYTES = 16;
const MAX_COUNT = 15;
const SAMPLES_PER_ENTRY = 10;
const MIN_ENTRIES = 64;

export class FrequencySketch {
  private table: Uint8Array = new Uint8Array(0);
  private words: Uint32Array = new Uint32Array(0);
  private blockMask = 0;
  private increments = 0;
  private sampleSize = 0;
  private entries = 0;

  constructor() {
    this.ensureCapacity(MIN_ENTRIES);
  }

  get bytes(): number {
    return this.table.byteLength;
  }

  /** Grows to suit this many entries. Counts are kept: each block is copied to the blocks that its keys now map to. */
  ensureCapacity(entries: number): void {
    if (entries <= this.entries) return;
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(entries, MIN_ENTRIES)));
    const grown = new Uint8Array(capacity * 8);
    for (let at = 0; this.table.length > 0 && at < grown.length; at += this.table.length) {
      grown.set(this.table, at);
    }
    this.table = grown;
    this.words = new Uint32Array(grown.buffer);
    this.blockMask = grown.length / BLOCK_BYTES - 1;
    this.sampleSize = capacity * SAMPLES_PER_ENTRY;
    this.entries = capacity;
  }

  increment(hash: number): void {
    const spread = rehash(hash);
    const block = (hash & this.blockMask) * BLOCK_BYTES;
    let added = this.raise(block + (spread & 15));
    added |= this.raise(block + ROW_BYTES + ((spread >>> 8) & 15));
    added |= this.raise(block + 2 * ROW_BYTES + ((spread >>> 16) & 15));
    added |= this.raise(block + 3 * ROW_BYTES + ((spread >>> 24) & 15));
    this.increments += added;
    if (this.increments >= this.sampleSize) this.age();
  }

  /** The estimate, 0 to 15: never below the true count since the last ageing, seldom above. */
  frequency(hash: number): number {
    const table = this.table;
    const spread = rehash(hash);
    const block = (hash & this.blockMask) * BLOCK_BYTES;
    let least = MAX_COUNT;
    for (let row = 0; row < 4; row++) {
      const count = table[block + row * ROW_BYTES + ((spread >>> (row * 8)) & 15)] ?? 0;
      if (count < least) least = count;
    }
    return least;
  }

  /** 1 when the counter could be raised. */
  private raise(at: number): number {
    const count = this.table[at] ?? MAX_COUNT;
    if (count === MAX_COUNT) return 0;
    this.table[at] = count + 1;
    return 1;
  }

  private age(): void {
    const words = this.words;
    for (let at = 0; at < words.length; at++) words[at] = ((words[at] ?? 0) >>> 1) & 0x7f7f7f7f;
    this.increments >>>= 1;
  }
}

/** A second, independent hash: the finalizer of MurmurHash3. */
function rehash(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** FNV-1a over the UTF-16 units, mixed once more because the low bits choose a block. */
export function hashKey(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
