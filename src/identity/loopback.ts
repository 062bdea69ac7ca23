/** Tells whether a request comes straight from this machine: not through a proxy, and not by DNS rebinding. */
import { BlockList, isIPv6 } from 'node:net';
import type { AuthenticationRequest } from './request.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Headers that proxies add; `x-forwarded-*` counts too. */
const forwardingHeaders = [
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-forwarded-for',
  'x-original-host',
  'true-client-ip',
  'cf-connecting-ip',
  'fastly-client-ip',
];

/**
 * The peer is loopback, `Host` names loopback, and no header says that a proxy passed the request on.
 * A page that rebinds its own name to 127.0.0.1 still sends its own name as `Host`.
 */
export function isDirectLoopback({
  headers,
  socket,
}: Pick<AuthenticationRequest, 'headers' | 'socket'>): boolean {
  return (
    socket.remoteAddress !== undefined &&
    isLoopbackAddress(socket.remoteAddress) &&
    isLoopbackHost(headers.host) &&
    !Object.keys(headers).some((name) => name.startsWith('x-forwarded') || forwardingHeaders.includes(name))
  );
}

function isLoopbackAddress(address: string): boolean {
  return loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

function isLoopbackHost(host: string | undefined): boolean {
  if (host === undefined || !/^[\w.[\]:-]+$/.test(host) || !URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  if (hostname === 'localhost') return true;
  const address = hostname.replace(/^\[|\]$/g, '');
  return /^[\d.]+$|:/.test(address) && isLoopbackAddress(address);
}
