/** A complete response as it is kept and sent: head, body in each encoding, validators. */
import { createHash } from 'node:crypto';
import { compress, type Encoding, encodings, isCompressible } from './encodings.ts';

export interface CachedResponse {
  status: number;
  /** Names in lower case, without those that belong to one transfer (`content-length`, `date`, the request's id …). */
  headers: Record<string, string>;
  /** Strong, without the suffix of an encoding, without quotes. */
  etag: string;
  bodies: { identity: Buffer } & Partial<Record<Encoding, Buffer>>;
}

/** What a route answered. */
export interface PlainResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** Compresses what is worth it, in every encoding, once. */
export async function toCachedResponse({ status, headers, body }: PlainResponse): Promise<CachedResponse> {
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !ofOneTransfer.has(name)));
  const etag = entityTag(headers['etag'], body);
  const isWorthIt = isCompressible(headers['content-type'] ?? '', body.length);
  return {
    status,
    headers: kept,
    etag,
    bodies: { identity: body, ...(isWorthIt ? await compress(body) : {}) },
  };
}

/** The variant for an encoding: with its own entity tag, since a strong one names exact bytes (RFC 9110, 8.8.3). */
export function variantOf(response: CachedResponse, wanted: Encoding | 'identity') {
  const body = wanted === 'identity' ? undefined : response.bodies[wanted];
  if (wanted === 'identity' || !body)
    return { encoding: 'identity' as const, body: response.bodies.identity, etag: `"${response.etag}"` };
  return { encoding: wanted, body, etag: `"${response.etag}-${wanted}"` };
}

/** Whether `If-None-Match` names this representation; the weak comparison of RFC 9110, 13.1.2. */
export function matchesEtag(header: string, etag: string): boolean {
  if (header.trim() === '*') return true;
  return header.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag);
}

/** For the cache: bytes for the shared tier and back, and the size in memory. */
export const responseCodec = {
  encode({ bodies, ...head }: CachedResponse): Buffer {
    const parts = (['identity', ...encodings] as const).flatMap((name) => {
      const body = bodies[name];
      return body ? [{ name, body }] : [];
    });
    const index = JSON.stringify({ ...head, bodies: parts.map(({ name, body }) => [name, body.length]) });
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(index));
    return Buffer.concat([length, Buffer.from(index), ...parts.map((part) => part.body)]);
  },

  decode(data: Buffer): CachedResponse {
    const start = 4 + data.readUInt32BE(0);
    const {
      bodies: lengths,
      ...head
    }: Omit<CachedResponse, 'bodies'> & { bodies: [Encoding | 'identity', number][] } = JSON.parse(
      data.toString('utf8', 4, start),
    );
    let offset = start;
    const bodies: CachedResponse['bodies'] = { identity: Buffer.alloc(0) };
    for (const [name, size] of lengths) {
      bodies[name] = data.subarray(offset, offset + size);
      offset += size;
    }
    if (offset !== data.length) throw new Error('the stored response is not whole');
    return { ...head, bodies };
  },

  sizeOf({ headers, bodies }: CachedResponse): number {
    const bodyBytes = Object.values(bodies).reduce((sum, body) => sum + body.byteLength + 96, 0);
    const headBytes = Object.entries(headers).reduce(
      (sum, [name, value]) => sum + name.length + value.length + 64,
      0,
    );
    return 256 + bodyBytes + headBytes;
  },
};

const ofOneTransfer = new Set([
  'connection',
  'content-length',
  'date',
  'etag',
  'keep-alive',
  'server-timing',
  'transfer-encoding',
  'x-request-id',
  'x-response-time',
]);

/** A route's own tag keeps its version in front, so that `If-Match` understands it. */
function entityTag(own: string | undefined, body: Buffer): string {
  const digest = createHash('sha256').update(body).digest('base64url').slice(0, 16);
  const version = /^"([\w]+)"$/.exec(own ?? '')?.[1];
  return version === undefined ? digest : `${version}-${digest}`;
}
