/**
 * How an entry's data lies in the shared tier. All numbers are little-endian.
 *
 * | offset | size | |
 * |---|---|---|
 * | 0 | 1 | 0xB5 |
 * | 1 | 1 | version, 1 |
 * | 2 | 8 | float64: milliseconds it is fresh |
 * | 10 | 8 | float64: milliseconds it is kept as stale afterwards |
 * | 18 | 8 | float64: milliseconds after which it is refreshed in the background |
 * | 26 | 8 | float64: milliseconds it is served while a refresh runs, once stale |
 * | 34 | … | the value, as the codec made it |
 */
const MAGIC = 0xb5;
const VERSION = 1;
const HEADER_BYTES = 34;

export interface Lifetime {
  readonly freshMs: number;
  readonly staleMs: number;
  readonly refreshAfterMs: number;
  readonly revalidateMs: number;
}

export interface WireEntry extends Lifetime {
  readonly value: Buffer;
}

export function encodeEntry(entry: WireEntry): Buffer {
  const data = Buffer.allocUnsafe(HEADER_BYTES + entry.value.length);
  data[0] = MAGIC;
  data[1] = VERSION;
  data.writeDoubleLE(entry.freshMs, 2);
  data.writeDoubleLE(entry.staleMs, 10);
  data.writeDoubleLE(entry.refreshAfterMs, 18);
  data.writeDoubleLE(entry.revalidateMs, 26);
  entry.value.copy(data, HEADER_BYTES);
  return data;
}

/** Undefined for what this version doesn't understand: that is a miss, not an error. */
export function decodeEntry(data: Buffer): WireEntry | undefined {
  if (data.length < HEADER_BYTES || data[0] !== MAGIC || data[1] !== VERSION) return undefined;
  return {
    freshMs: data.readDoubleLE(2),
    staleMs: data.readDoubleLE(10),
    refreshAfterMs: data.readDoubleLE(18),
    revalidateMs: data.readDoubleLE(26),
    value: data.subarray(HEADER_BYTES),
  };
}
