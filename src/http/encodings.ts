/** Content codings: which one a client gets, and making them. */
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib';

/** In the order in which they are preferred when a client likes several the same. */
export const encodings = ['br', 'zstd', 'gzip'] as const;
export type Encoding = (typeof encodings)[number];

const brotli = promisify(brotliCompress);
const zstd = promisify(zstdCompress);
const gz = promisify(gzip);

/** Smaller than one packet: compressing saves nothing. */
const minBytes = 860;
const compressible = /^(text\/|application\/(json|xml|[\w.-]+\+(json|xml)|javascript)|image\/svg)/;

export function isCompressible(contentType: string, bytes: number): boolean {
  return bytes >= minBytes && compressible.test(contentType);
}

/**
 * Compresses on the thread pool of libuv, not on the event loop; once, so it may take a moment.
 *
 * @returns the encodings that made the body smaller
 */
export async function compress(body: Buffer): Promise<Partial<Record<Encoding, Buffer>>> {
  const [br, zst, gzipped] = await Promise.all([
    brotli(body, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
    }),
    zstd(body, { params: { [constants.ZSTD_c_compressionLevel]: 6 } }),
    gz(body, { level: 6 }),
  ]);
  return Object.fromEntries(
    Object.entries({ br, zstd: zst, gzip: gzipped }).filter(([, encoded]) => encoded.length < body.length),
  );
}

/**
 * The coding for an `Accept-Encoding` (RFC 9110, 12.5.3): of those that there are the one with the highest q-value,
 * `identity` when none is wanted. A client that refuses everything gets `identity` too, as the RFC allows: it can read
 * that, and would make nothing of an error.
 *
 * @param header undefined when the client sent none: then nothing is compressed
 * @param available the codings that the body comes in
 */
export function negotiateEncoding(
  header: string | undefined,
  available: readonly Encoding[] = encodings,
): Encoding | 'identity' {
  if (header === undefined || header === '' || available.length === 0) return 'identity';
  const weights = parseWeights(header);
  const others = weights.get('*') ?? 0;
  let best: Encoding | 'identity' = 'identity';
  let bestWeight = weights.get('identity') ?? 0;
  for (const coding of encodings) {
    if (!available.includes(coding)) continue;
    const weight = weights.get(coding) ?? others;
    if (weight > bestWeight || (weight === bestWeight && weight > 0 && best === 'identity')) {
      best = coding;
      bestWeight = weight;
    }
  }
  return best;
}

function parseWeights(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const part of header.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = part.split(';').map((word) => word.trim());
    const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    const weight = q === undefined ? 1 : Number(q);
    if (coding !== '')
      weights.set(coding === 'x-gzip' ? 'gzip' : coding, weight >= 0 && weight <= 1 ? weight : 0);
  }
  return weights;
}
