/** A complete response as it is kept and sent: head, body in each encoding, validators. */
import { createHash } from 'node:crypto';
import { compress, type Encoding, encodings, isCompressible, negotiateEncoding } from './encodings.ts';

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
  // A cookie is one client's, and so is what came with it.
  if (headers['set-cookie'] !== undefined) kept['cache-control'] = 'private, no-store';
  const etag = entityTag(headers['etag'], body);
  const isWorthIt = isCompressible(headers['content-type'] ?? '', body.length);
  return {
    status,
    headers: kept,
    etag,
    bodies: { identity: body, ...(isWorthIt ? await compress(body) : {}) },
  };
}

/**
 * The variant for an `Accept-Encoding`: with its own entity tag, since a strong one names exact bytes (RFC 9110, 8.8.3).
 * What isn't worth compressing has one variant only.
 */
export function variantOf({ bodies, etag }: CachedResponse, accepted: string | undefined) {
  const available = encodings.filter((encoding) => bodies[encoding] !== undefined);
  const encoding = negotiateEncoding(accepted, available);
  const body = bodies[encoding] ?? bodies.identity;
  return { encoding, body, etag: encoding === 'identity' ? `"${etag}"` : `"${etag}-${encoding}"` };
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
  'cache-status',
  'connection',
  'content-length',
  'date',
  'etag',
  'keep-alive',
  'server-timing',
  'set-cookie',
  'transfer-encoding',
  'ratelimit',
  'ratelimit-policy',
  'x-request-id',
  'x-response-time',
]);

/** A route's own tag keeps its version in front, so that `If-Match` understands it. */
function entityTag(own: string | undefined, body: Buffer): string {
  const digest = createHash('sha256').update(body).digest('base64url').slice(0, 16);
  const version = /^"([\w]+)"$/.exec(own ?? '')?.[1];
  return version === undefined ? digest : `${version}-${digest}`;
}
