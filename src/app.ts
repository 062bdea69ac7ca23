/** The composition root: the only place that knows every part and puts them together. */
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify';
import { registerAdmin } from './admin/admin.ts';
import { Background } from './background.ts';
import { addressesAt } from './blog/addresses.ts';
import { AuthorRepository } from './blog/authors/repository.ts';
import { registerAuthorRoutes } from './blog/authors/routes.ts';
import { AuthorService } from './blog/authors/service.ts';
import { ChangeLogRepository } from './blog/changes-repository.ts';
import { PostRepository } from './blog/posts/repository/repository.ts';
import { registerPostRoutes } from './blog/posts/routes.ts';
import { PostService } from './blog/posts/service.ts';
import { collectReads } from './blog/reads.ts';
import { TagRepository } from './blog/tags/repository.ts';
import { registerTagRoutes } from './blog/tags/routes.ts';
import { TagService } from './blog/tags/service.ts';
import { CacheManager } from './cache/index.ts';
import { resolveConfig } from './config/loader.ts';
import type { Config, ConfigInput } from './config/schema.ts';
import { frameOrigins } from './content/embeds.ts';
import { createContentRenderer } from './content/pool.ts';
import type { ContentRenderer } from './content/renderer.ts';
import { slugify } from './content/slug.ts';
import type { DatabaseManager } from './database/manager.ts';
import { openDatabase } from './database/open.ts';
import { type CachedResponse, responseCodec } from './http/cached-response.ts';
import { Edition } from './http/edition.ts';
import { isInternal } from './http/fill-request.ts';
import { type Health, registerHealth } from './http/health.ts';
import { listen } from './http/listen.ts';
import { registerMetrics } from './http/metrics-route.ts';
import { describeApi, serveDescription } from './http/openapi.ts';
import { Origin } from './http/origin.ts';
import { noteRoutes } from './http/other-methods.ts';
import { addResponseCache } from './http/response-cache.ts';
import { createHttpServer } from './http/server.ts';
import { closeWithin } from './http/shutdown.ts';
import { isDirectLoopback } from './identity/loopback.ts';
import { anonymous, can } from './identity/principal.ts';
import { IdentityRepository } from './identity/repository/index.ts';
import { addPrincipal } from './identity/request-principal.ts';
import { IdentityService } from './identity/service.ts';
import type { JobQueue } from './jobs/job.ts';
import { logJobs } from './observability/job-log.ts';
import { createLogger } from './observability/logger.ts';
import { Metrics } from './observability/metrics.ts';
import { registerSite } from './site/site.ts';
import { version } from './version.ts';

/** For commands that look at the database without serving from it. */
export { openDatabase } from './database/open.ts';

export interface BlogSystem {
  readonly config: Config;
  readonly database: DatabaseManager;
  /** Holds complete public responses, under the tags of what they were made from. */
  readonly cache: CacheManager<CachedResponse>;
  readonly posts: PostService;
  readonly tags: TagService;
  readonly authors: AuthorService;
  readonly identity: IdentityService;
  /** Background tasks: what is planned, runs, or was given up. */
  readonly jobs: JobQueue;
  /** The HTTP server; `http.inject()` works without listening. */
  readonly http: FastifyInstance;
  /** @throws OperatorError when the address is in use or not this machine's */
  listen(options?: { host?: string; port?: number }): Promise<{ address: string; port: number }>;
  /** Answers what is in flight, stops the jobs, closes the database. */
  close(): Promise<void>;
}

/**
 * A whole blog in this process: opens and migrates the database and puts the parts together. It doesn't listen yet.
 *
 * @example
 * const blog = await createBlogSystem({ database: { url: 'sqlite:blog.db' } });
 * await blog.posts.create({ title: 'Hello', content: '# Hi', tags: ['first'] });
 * await blog.listen({ port: 8000 });
 * await blog.close();
 * @throws OperatorError for a bad setting or a database that can't be used, with the fix
 */
export async function createBlogSystem(input: ConfigInput = {}): Promise<BlogSystem> {
  const config = resolveConfig(input);
  const database = await openDatabase(config.database);
  try {
    await database.migrate();
    return await assemble(config, database);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function assemble(config: Config, database: DatabaseManager): Promise<BlogSystem> {
  const logger = createLogger(config);
  const cache = openCache(config, database);
  const renderer = createContentRenderer();
  const background = new Background(config, database);
  const endJobLog = logJobs(logger);
  const posts = new PostService({
    repository: new PostRepository(database),
    renderer,
    defaultAuthor: defaultAuthorOf(config),
    async onChange(changes) {
      background.noteChanges(changes);
      const tags = changes.flatMap((change) => change.tags);
      await cache.invalidateTags(
        [...new Set(tags)],
        changes.map((change) => change.sequence),
      );
    },
  });
  const tags = new TagService(new TagRepository(database));
  const authors = new AuthorService(new AuthorRepository(database));
  const identity = new IdentityService(new IdentityRepository(database), {
    mode: config.auth.mode,
    adminToken: config.auth.adminToken,
    siteUrl: config.site.url,
  });
  const origin = new Origin(config);
  const metrics = new Metrics({
    version,
    cache: () => cache.stats(),
    database: async () => ({
      kind: database.kind,
      pingMs: Math.round((await database.ping()) * 1000) / 1000,
    }),
    jobs: () => background.queue.counts(),
  });
  const state = { isReady: true };
  const health: Health = {
    version,
    checks: [{ name: 'database', check: () => database.ping() }],
    isReady: () => state.isReady,
  };
  const parts = { config, logger, cache, renderer, posts, tags, authors, identity, origin, metrics, health };
  const http = await openHttp(parts);
  background.start({ database, posts, identity, cache, http });

  return {
    config,
    database,
    cache,
    posts,
    tags,
    authors,
    identity,
    jobs: background.queue,
    http,
    async listen({ host = config.http.host, port = config.http.port } = {}) {
      const address = await listen(http, host, port);
      origin.listensOn(address.port);
      return address;
    },
    async close() {
      state.isReady = false;
      await Promise.all([closeWithin(http, config.http.shutdownGraceSeconds * 1000), background.stop()]);
      metrics.close();
      endJobLog();
      await cache.close();
      await renderer.close();
      await identity.close();
      await database.close();
    },
  };
}

function openCache({ cache }: Config, database: DatabaseManager): CacheManager<CachedResponse> {
  return new CacheManager<CachedResponse>({
    memoryBytes: cache.memoryMb * 1024 * 1024,
    policy: cache.policy,
    ...(cache.redisUrl === undefined ? {} : { redis: cache.redisUrl }),
    changeLog: new ChangeLogRepository(database),
    codec: responseCodec,
    defaults: { ttl: cache.ttlSeconds * 1000, stale: cache.staleSeconds * 1000 },
  });
}

interface HttpParts {
  config: Config;
  logger: FastifyBaseLogger;
  cache: CacheManager<CachedResponse>;
  renderer: ContentRenderer;
  posts: PostService;
  tags: TagService;
  authors: AuthorService;
  identity: IdentityService;
  origin: Origin;
  metrics: Metrics;
  health: Health;
}

async function openHttp(parts: HttpParts): Promise<FastifyInstance> {
  const { config, logger, cache, posts, tags, authors, identity, origin, metrics } = parts;
  const http = createHttpServer(config, logger, { frameOrigins });
  const { answerOtherMethods } = noteRoutes(http);
  const edition = new Edition([version, config.site], origin);
  // What everybody may get is made as nobody: a fill comes from this machine, which AUTH=open would let see all.
  addPrincipal(http, async (request) => (isInternal(request) ? anonymous : identity.authenticate(request)));
  const { ttlSeconds, staleSeconds } = config.cache;
  addResponseCache(http, { cache, collectReads, maySee, edition, ttlSeconds, staleSeconds });
  await describeApi(http, { version, origin: origin.value });
  registerHealth(http, parts.health);
  registerMetrics(http, metrics, (request) => mayReadMetrics(config.metrics.access, request));
  const addresses = addressesAt(origin);
  registerPostRoutes(http, posts, addresses);
  registerTagRoutes(http, tags, addresses);
  registerAuthorRoutes(http, authors, addresses);
  await registerAdmin(http, { config, posts, tags, authors, identity, renderer: parts.renderer });
  const { themeVersion } = await registerSite(http, { config, origin, posts, tags, authors });
  edition.useTheme(themeVersion);
  serveDescription(http);
  answerOtherMethods();
  await http.ready();
  return http;
}

/** Whose answers may come from the cache: those that anybody would get. */
function maySee({ headers, principal }: FastifyRequest): 'public' | 'found' | 'never' {
  if (principal.kind === 'open') return 'found';
  return principal.kind === 'anonymous' && headers.authorization === undefined ? 'public' : 'never';
}

function mayReadMetrics(access: Config['metrics']['access'], request: FastifyRequest): boolean {
  if (access === 'public' || can(request.principal, 'admin')) return true;
  return access === 'loopback' && isDirectLoopback(request);
}

/** Who writes in a blog of one: the blog itself, until somebody has a name. */
function defaultAuthorOf({ site }: Config): { slug: string; name: string } {
  return { slug: slugify(site.title) || 'author', name: site.title };
}
