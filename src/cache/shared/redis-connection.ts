import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { OperatorError } from '../../errors.ts';

export type RedisClient = Redis | Cluster;

interface RedisHost {
  readonly host: string;
  readonly port: number;
}

const RETRY_MIN_MS = 50;
const RETRY_MAX_MS = 1000;

/**
 * Options that keep a request from ever waiting for the connection: nothing is queued while it is down, and nothing is
 * sent again when it is back.
 */
const common = {
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 2000,
  noDelay: true,
  // Redis 6 without ACLs and older proxies speak RESP2 only, and nothing here needs RESP3.
  protocol: 2 as const,
  retryStrategy: (attempt: number) => Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** Math.min(attempt, 5)),
} satisfies RedisOptions;

/**
 * A client that isn't connected yet.
 *
 * `redis://[USER:PASSWORD@]HOST[:PORT][/DB]`, `rediss://` with TLS, trusting what Node trusts. Several hosts, separated by commas, with
 * `?sentinel=NAME` are Sentinels that know the master NAME, with `?cluster=true` they are nodes of a Cluster.
 *
 * @throws OperatorError when the address can't be understood.
 */
export function createRedisClient(url: string): RedisClient {
  const { hosts, options, sentinel, isCluster } = parseRedisUrl(url);
  const [first] = hosts;
  if (isCluster) {
    return new Cluster([...hosts], {
      redisOptions: options,
      lazyConnect: true,
      enableOfflineQueue: false,
      // A certificate is issued to a name: resolving it beforehand would leave only an IP address to compare.
      ...(options.tls === undefined ? {} : { dnsLookup: (name, done) => done(null, name) }),
      clusterRetryStrategy: (attempt) => Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** Math.min(attempt, 5)),
    });
  }
  if (sentinel !== undefined) {
    // With `tls` alone the client would speak to the Sentinels, and to the server that they name, without TLS.
    const tls = options.tls && { enableTLSForSentinelMode: true, sentinelTLS: options.tls };
    return new Redis({ ...options, ...tls, sentinels: [...hosts], name: sentinel });
  }
  return new Redis({ ...options, ...first });
}

/** Takes an address apart; several hosts make it no URL in the sense of the standard, so the list is cut out first. */
export function parseRedisUrl(address: string) {
  const match = /^(rediss?):\/\/(?:([^@/]*)@)?([^/?]+)(\/\d*)?(\?.*)?$/.exec(address);
  if (match?.[3] === undefined) {
    throw new OperatorError(
      'REDIS_URL: this is not an address; give one such as redis://user:password@localhost:6379/0',
    );
  }
  const [, scheme, credentials = '', hostList, database = '', query = ''] = match;
  const [username = '', password = ''] = credentials.split(/:(.*)/s).map(decodeURIComponent);
  const parameters = new URLSearchParams(query);
  const sentinel = parameters.get('sentinel') ?? undefined;
  const options = {
    ...common,
    db: Number(database.slice(1) || 0),
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    ...(scheme === 'rediss' ? { tls: {} } : {}),
  };
  const isCluster = parameters.get('cluster') === 'true';
  const defaultPort = sentinel === undefined ? 6379 : 26_379;
  const hosts = hostList.split(',').map((host) => parseHost(host, defaultPort));
  return { hosts, options, sentinel, isCluster };
}

/** `host`, `host:port`, or an IPv6 address in brackets. */
function parseHost(text: string, defaultPort: number): RedisHost {
  const match = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined) throw new OperatorError(`REDIS_URL: "${text}" is not a host or host:port`);
  return { host, port: Number(match?.[3] ?? defaultPort) };
}
