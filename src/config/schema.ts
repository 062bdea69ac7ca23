/**
 * The settings tree: one schema from which come the types, the validation, the defaults, the environment
 * variables, the flags, and the table in the documentation.
 */
import Type, { type Static } from 'typebox';

/** What the loader, the error messages and the documentation need to know of a setting, beside its JSON Schema. */
interface SettingSource {
  /** The environment variable. */
  env: string;
  /** The command-line flag, without its dashes. */
  flag?: string;
  /** For a flag without a value: what giving it sets. */
  flagSets?: string;
  /** Ends the sentence "it must be …" where a pattern would tell a reader nothing. */
  expects?: string;
  /** The value is a credential: never shown. (Passwords inside URLs are hidden without this.) */
  secret?: true;
}

const setting = (source: SettingSource, description: string) => ({ ...source, description });

const postgresUrl = { pattern: '^postgres(ql)?://.+$', expects: 'postgres://USER:PASSWORD@HOST/NAME' };

/** Scheme, host and perhaps a port; a trailing slash is forgiven. The loader also parses it. */
const origin = 'https?://[^/?#@\\s]+/?';

export const DatabaseConfigSchema = Type.Object(
  {
    url: Type.String({
      default: 'sqlite:data/broadsheet.db',
      // Several threads share the database, and one in memory would be another one in each.
      pattern: '^(sqlite:(?!(//)?:memory:).+|postgres(ql)?://.+)$',
      ...setting(
        {
          env: 'DATABASE_URL',
          flag: 'database',
          expects: 'sqlite:PATH (sqlite:data/broadsheet.db) or postgres://USER:PASSWORD@HOST/NAME',
        },
        'where the content is: `sqlite:PATH`, or `postgres://USER:PASSWORD@HOST/NAME`',
      ),
    }),
    poolSize: Type.Integer({
      default: 10,
      minimum: 1,
      maximum: 1000,
      ...setting({ env: 'DATABASE_POOL_SIZE' }, 'connections to PostgreSQL'),
    }),
    replicaUrls: Type.Array(Type.String(postgresUrl), {
      default: [],
      ...setting({ env: 'DATABASE_REPLICA_URLS' }, 'PostgreSQL replicas for reads that may be stale'),
    }),
  },
  { additionalProperties: false },
);

export const CacheConfigSchema = Type.Object(
  {
    redisUrl: Type.Optional(
      Type.String({
        pattern: '^rediss?://.+$',
        ...setting(
          {
            env: 'REDIS_URL',
            flag: 'redis',
            expects: 'redis://HOST:PORT or rediss://USER:PASSWORD@HOST:PORT',
          },
          'Redis for the shared cache tier; without it there is only the memory tier',
        ),
      }),
    ),
    memoryMb: Type.Number({
      default: 64,
      minimum: 1,
      maximum: 65_536,
      ...setting({ env: 'CACHE_MEMORY_MB' }, 'budget of the memory tier, MiB'),
    }),
    policy: Type.Union(
      [Type.Literal('tinylfu'), Type.Literal('lru'), Type.Literal('lfu'), Type.Literal('ttl')],
      {
        default: 'tinylfu',
        ...setting({ env: 'CACHE_POLICY' }, 'what the memory tier evicts first'),
      },
    ),
    ttlSeconds: Type.Number({
      default: 300,
      minimum: 0,
      maximum: 31_536_000,
      ...setting({ env: 'CACHE_TTL_SECONDS' }, 'how long a cached response is fresh'),
    }),
    staleSeconds: Type.Number({
      default: 86_400,
      minimum: 0,
      maximum: 31_536_000,
      ...setting({ env: 'CACHE_STALE_SECONDS' }, 'how long it may be served stale when the database is down'),
    }),
  },
  { additionalProperties: false },
);

export const PerformanceConfigSchema = Type.Object(
  {
    rateLimitRequests: Type.Integer({
      default: 1000,
      minimum: 0,
      maximum: 1_000_000_000,
      ...setting(
        { env: 'RATE_LIMIT_REQUESTS' },
        'requests a client may make in a window; 0 turns the limit off',
      ),
    }),
    rateLimitWindowSeconds: Type.Integer({
      default: 60,
      minimum: 1,
      maximum: 86_400,
      ...setting({ env: 'RATE_LIMIT_WINDOW_SECONDS' }, 'the length of that window'),
    }),
    workers: Type.Union([Type.Integer({ minimum: 1, maximum: 1024 }), Type.Literal('auto')], {
      default: 1,
      ...setting({ env: 'WORKERS', flag: 'workers' }, 'processes that share the port; auto = one a core'),
    }),
    backgroundTasks: Type.Boolean({
      default: true,
      ...setting({ env: 'BACKGROUND_TASKS' }, 'whether this node runs background jobs'),
    }),
  },
  { additionalProperties: false },
);

export const ConfigSchema = Type.Object(
  {
    http: Type.Object(
      {
        host: Type.String({
          default: '127.0.0.1',
          minLength: 1,
          ...setting(
            { env: 'HOST', flag: 'host', expects: 'an address or a host name, such as 127.0.0.1 or 0.0.0.0' },
            'address to listen on; `0.0.0.0` or `::` for all',
          ),
        }),
        port: Type.Integer({
          default: 8000,
          minimum: 0,
          maximum: 65_535,
          ...setting({ env: 'PORT', flag: 'port' }, 'port to listen on; 0 picks a free one'),
        }),
        corsOrigins: Type.Array(
          Type.String({
            pattern: `^(\\*|${origin})$`,
            expects: 'an origin such as https://app.example.com, or *',
          }),
          {
            default: [],
            ...setting(
              { env: 'CORS_ORIGINS' },
              'origins whose pages may call the API from a browser, or `*`',
            ),
          },
        ),
        trustProxy: Type.Array(
          Type.String({ minLength: 1, expects: 'an address or a range, such as 10.0.0.7 or 10.0.0.0/8' }),
          {
            default: [],
            ...setting({ env: 'TRUST_PROXY' }, 'addresses or ranges whose `X-Forwarded-For` is believed'),
          },
        ),
        maxBodyKb: Type.Integer({
          default: 1024,
          minimum: 1,
          maximum: 1_048_576,
          ...setting({ env: 'MAX_BODY_KB' }, 'largest request body, KiB'),
        }),
        shutdownGraceSeconds: Type.Number({
          default: 30,
          minimum: 0,
          maximum: 3600,
          ...setting({ env: 'SHUTDOWN_GRACE_SECONDS' }, 'how long a stopping node finishes what it began'),
        }),
      },
      { additionalProperties: false },
    ),
    site: Type.Object(
      {
        url: Type.Optional(
          Type.String({
            pattern: `^${origin}$`,
            ...setting(
              { env: 'SITE_URL', expects: 'an address without a path, such as https://blog.example.com' },
              'public address of the blog, such as `https://blog.example.com`',
            ),
          }),
        ),
        title: Type.String({
          default: 'Broadsheet',
          minLength: 1,
          maxLength: 200,
          ...setting({ env: 'SITE_TITLE' }, 'name of the blog'),
        }),
        description: Type.String({
          default: '',
          maxLength: 500,
          ...setting({ env: 'SITE_DESCRIPTION' }, 'one sentence about the blog'),
        }),
        theme: Type.Optional(
          Type.String({
            minLength: 1,
            ...setting(
              { env: 'SITE_THEME' },
              'folder with templates and assets that override the default theme',
            ),
          }),
        ),
      },
      { additionalProperties: false },
    ),
    auth: Type.Object(
      {
        mode: Type.Union([Type.Literal('required'), Type.Literal('open')], {
          default: 'required',
          ...setting(
            { env: 'AUTH', flag: 'open', flagSets: 'open' },
            '`open`: writes need no token; only on a loopback host',
          ),
        }),
        adminToken: Type.Optional(
          Type.String({
            // The characters that RFC 6750 allows in a bearer token.
            pattern: '^[A-Za-z0-9._~+/-]{16,}=*$',
            ...setting(
              {
                env: 'ADMIN_TOKEN',
                secret: true,
                expects: 'at least 16 letters, digits or . _ ~ + / - (make one with: openssl rand -hex 32)',
              },
              'a bootstrap token with every right, for automation',
            ),
          }),
        ),
      },
      { additionalProperties: false },
    ),
    database: DatabaseConfigSchema,
    cache: CacheConfigSchema,
    performance: PerformanceConfigSchema,
    log: Type.Object(
      {
        level: Type.Union(
          [
            Type.Literal('fatal'),
            Type.Literal('error'),
            Type.Literal('warn'),
            Type.Literal('info'),
            Type.Literal('debug'),
            Type.Literal('trace'),
            Type.Literal('silent'),
          ],
          {
            default: 'info',
            ...setting({ env: 'LOG_LEVEL', flag: 'log-level' }, 'least severe level that is logged'),
          },
        ),
        requests: Type.Union(
          [
            Type.Literal('all'),
            Type.Literal('errors'),
            Type.Literal('none'),
            Type.Number({ minimum: 0, maximum: 1 }),
          ],
          {
            default: 'all',
            ...setting({ env: 'LOG_REQUESTS' }, 'which requests are logged; a number is a sampling rate'),
          },
        ),
      },
      { additionalProperties: false },
    ),
    metrics: Type.Object(
      {
        access: Type.Union([Type.Literal('public'), Type.Literal('loopback'), Type.Literal('token')], {
          default: 'loopback',
          ...setting({ env: 'METRICS_ACCESS' }, 'who may read /metrics'),
        }),
      },
      { additionalProperties: false },
    ),
    telemetry: Type.Object(
      {
        otlpEndpoint: Type.Optional(
          Type.String({
            pattern: '^https?://.+$',
            ...setting(
              { env: 'OTEL_EXPORTER_OTLP_ENDPOINT', expects: 'an address such as http://127.0.0.1:4318' },
              'where traces are sent; unset: no traces',
            ),
          }),
        ),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);

type DeepReadonly<T> = T extends (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

export type Config = DeepReadonly<Static<typeof ConfigSchema>>;
export type DatabaseConfig = Config['database'];
export type CacheConfig = Config['cache'];
export type PerformanceConfig = Config['performance'];

/** What a caller may give: any part of the tree, the rest from the defaults. */
export type ConfigInput = {
  readonly [Section in keyof Config]?: Partial<Config[Section]>;
};
