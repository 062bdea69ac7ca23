/** How values become bytes for the shared tier, and how large they are in memory. */
export interface ValueCodec<Value> {
  encode(value: Value): Buffer;
  /** The inverse of `encode`; may throw on foreign bytes, which counts as a miss. */
  decode(data: Buffer): Value;
  /** Bytes that the value takes in memory. */
  sizeOf(value: Value): number;
}

const JSON_KIND = 0;
const BYTES_KIND = 1;
const TEXT_KIND = 2;

/**
 * The codec for when none is given: buffers and strings as they are, everything else as JSON. A value that JSON
 * doesn't bring back as it was (a `Date`, a `Map`) needs a codec of its own.
 */
export function plainCodec<Value>(): ValueCodec<Value> {
  return {
    encode(value) {
      if (Buffer.isBuffer(value)) return tagged(BYTES_KIND, value);
      if (typeof value === 'string') return tagged(TEXT_KIND, Buffer.from(value));
      return tagged(JSON_KIND, Buffer.from(JSON.stringify(value ?? null)));
    },
    decode(data) {
      const body = data.subarray(1);
      // JSON.parse gives `any`, which is as much as can be known of bytes: encode made them from a Value.
      if (data[0] === JSON_KIND) return JSON.parse(body.toString());
      const decoded: ReturnType<typeof JSON.parse> = data[0] === TEXT_KIND ? body.toString() : body;
      return decoded;
    },
    sizeOf: estimateBytes,
  };
}

function tagged(kind: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.of(kind), body]);
}

const MAX_DEPTH = 8;

/** A rough size of any value: exact for buffers and text, by its parts for plain objects. */
export function estimateBytes(value: unknown, depth = 0): number {
  if (typeof value === 'string') return value.length + 16;
  if (typeof value !== 'object' || value === null) return 8;
  if (ArrayBuffer.isView(value)) return value.byteLength + 96;
  if (depth >= MAX_DEPTH) return 64;
  let bytes = 32;
  for (const part of Object.values(value)) bytes += 8 + estimateBytes(part, depth + 1);
  return bytes;
}
