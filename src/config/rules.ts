/** What a JSON Schema cannot say about settings: values that must parse, and settings that depend on each other. */
import { BlockList, isIP, isIPv6 } from 'node:net';
import type { Static } from 'typebox';
import type { ConfigSchema } from './schema.ts';

/** A broken rule: the setting to blame, and what is wrong with it as the end of a sentence that begins with "it". */
export interface Violation {
  path: string;
  fault: string;
}

const percentEncoded = 'with special characters in the password percent-encoded';

/** Checks a tree that the schema has accepted. */
export function brokenRules(config: Static<typeof ConfigSchema>): Violation[] {
  const { http, site, auth, database, cache, telemetry } = config;
  const usesSqlite = database.url.startsWith('sqlite:');
  const rules: [path: string, holds: boolean, fault: string][] = [
    [
      'http.host',
      isHost(http.host),
      'must be an address or a host name without scheme, brackets or port, such as 127.0.0.1',
    ],
    [
      'http.trustProxy',
      http.trustProxy.every(isAddressOrRange),
      'must be a list of addresses or ranges, such as 10.0.0.7 or 10.0.0.0/8',
    ],
    [
      'http.corsOrigins',
      http.corsOrigins.every((item) => item === '*' || URL.canParse(item)),
      'must be a list of origins, such as https://app.example.com',
    ],
    [
      'http.corsOrigins',
      http.corsOrigins.length < 2 || !http.corsOrigins.includes('*'),
      'must be either * alone or a list of origins',
    ],
    [
      'site.url',
      isAbsentOrUrl(site.url),
      'must be an address without a path, such as https://blog.example.com',
    ],
    [
      'auth.mode',
      auth.mode !== 'open' || isLoopback(http.host),
      `needs a loopback host, but the host is ${JSON.stringify(http.host)}, where anybody could write: listen on 127.0.0.1, or require tokens`,
    ],
    [
      'database.url',
      usesSqlite || URL.canParse(database.url),
      `must be postgres://USER:PASSWORD@HOST/NAME, ${percentEncoded}`,
    ],
    [
      'database.replicaUrls',
      database.replicaUrls.every((url) => URL.canParse(url)),
      `must be a list of postgres://USER:PASSWORD@HOST/NAME, ${percentEncoded}`,
    ],
    [
      'database.replicaUrls',
      database.replicaUrls.length === 0 || !usesSqlite,
      'must be left out, because the database is SQLite, which has no replicas',
    ],
    [
      'cache.redisUrl',
      isAbsentOrUrl(cache.redisUrl),
      `must be redis://USER:PASSWORD@HOST:PORT, ${percentEncoded}`,
    ],
    [
      'telemetry.otlpEndpoint',
      isAbsentOrUrl(telemetry.otlpEndpoint),
      'must be an address such as http://127.0.0.1:4318',
    ],
  ];
  return rules.filter(([, holds]) => !holds).map(([path, , fault]) => ({ path, fault }));
}

/** Whether only this machine can reach a server that listens on `host`: 127.0.0.0/8, ::1, localhost. */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 0) return /^(.+\.)?localhost\.?$/i.test(host);
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8, 'ipv4');
  loopback.addAddress('::1', 'ipv6');
  return loopback.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
}

/** An IP address, or a name of labels of at most 63 characters (RFC 1123; the underscore is what containers use). */
function isHost(host: string): boolean {
  const label = '[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?';
  return isIP(host) !== 0 || new RegExp(`^(?=.{1,253}$)${label}(\\.${label})*\\.?$`, 'i').test(host);
}

/** An IP address, alone or with the length of a prefix (RFC 4632). */
function isAddressOrRange(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}

function isAbsentOrUrl(text: string | undefined): boolean {
  return text === undefined || URL.canParse(text);
}
