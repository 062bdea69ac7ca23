import { describe, expect, it } from 'vitest';
import { negotiateEncoding } from './encodings.ts';

describe('negotiation of encodings (RFC 9110, 12.5.3)', () => {
  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, zstd', 'zstd'],
    ['br;q=0.1, gzip;q=0.9', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br; q=0.000 , zstd;q=0.001', 'zstd'],
    ['*', 'br'],
    ['*;q=0.5, identity', 'identity'],
    ['*;q=0', 'identity'],
    ['identity;q=0', 'identity'],
    ['identity;q=0, *;q=0', 'identity'],
    ['identity;q=0, gzip', 'gzip'],
    ['identity;q=0, *', 'br'],
    ['gzip;q=0.5, identity;q=0.8', 'identity'],
    ['compress, deflate', 'identity'],
    ['br;q=nonsense, gzip;q=0.3', 'gzip'],
    ['br;q=2', 'identity'],
    [';;,,', 'identity'],
  ])('%j gets %s', (header, expected) => {
    expect(negotiateEncoding(header)).toBe(expected);
  });

  it('offers only what there is', () => {
    expect(negotiateEncoding('br, gzip;q=0.1', ['gzip'])).toBe('gzip');
    expect(negotiateEncoding('br', [])).toBe('identity');
  });
});
