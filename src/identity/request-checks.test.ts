import { describe, expect, it } from 'vitest';
import { refuseCrossOrigin } from './cross-origin.ts';
import { networkOf } from './log-in-guard.ts';
import { isDirectLoopback } from './loopback.ts';

const host = 'blog.example';

describe('refuseCrossOrigin', () => {
  const allowed = [
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'same-origin', origin: 'null' },
    { origin: 'http://blog.example' },
    { origin: 'https://blog.example' },
    { origin: 'https://public.example', 'sec-fetch-site': 'cross-site' },
    {},
  ];
  it.each(allowed)('lets %j through', (headers) => {
    expect(() =>
      refuseCrossOrigin({ method: 'POST', headers: { host, ...headers } }, 'https://public.example'),
    ).not.toThrow();
  });

  const refused = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', origin: 'https://blog.example' },
    { origin: 'https://evil.example' },
    { origin: 'https://blog.example:8443' },
    { origin: 'https://blog.example.evil.example' },
    { origin: 'null' },
    { origin: '' },
  ];
  it.each(refused)('refuses %j', (headers) => {
    expect(() => refuseCrossOrigin({ method: 'POST', headers: { host, ...headers } })).toThrow(
      expect.objectContaining({ code: 'cross_origin' }),
    );
  });

  it.each(['GET', 'HEAD', 'OPTIONS'])('leaves %s alone', (method) => {
    expect(() =>
      refuseCrossOrigin({ method, headers: { host, 'sec-fetch-site': 'cross-site' } }),
    ).not.toThrow();
  });
});

describe('isDirectLoopback', () => {
  const from = (remoteAddress: string | undefined, headers: Record<string, string>) =>
    isDirectLoopback({ headers, socket: { remoteAddress } });

  it.each(['localhost', 'localhost:8000', 'LOCALHOST', '127.0.0.1:8000', '127.1.2.3', '[::1]:8000'])(
    'accepts the host %s',
    (name) => expect(from('127.0.0.1', { host: name })).toBe(true),
  );
  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.nip.example',
    'user@localhost',
    'localhost/x',
    '192.168.1.2:8000',
    '0.0.0.0',
    '',
  ])('refuses the host "%s"', (name) => expect(from('127.0.0.1', { host: name })).toBe(false));

  it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])('accepts the peer %s', (peer) =>
    expect(from(peer, { host: 'localhost' })).toBe(true),
  );
  it.each(['10.0.0.1', '::ffff:10.0.0.1', 'fe80::1', undefined])('refuses the peer %s', (peer) =>
    expect(from(peer, { host: 'localhost' })).toBe(false),
  );

  it.each(['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded', 'x-real-ip'])(
    'refuses what a proxy passed on (%s)',
    (name) => expect(from('127.0.0.1', { host: 'localhost', [name]: '127.0.0.1' })).toBe(false),
  );
});

describe('networkOf', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '::ffff:192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::9', '2001:db8:1:2'],
    ['2001:0db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('%s belongs to %s', (address, network) => expect(networkOf(address)).toBe(network));
});
