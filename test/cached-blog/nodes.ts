/** Several nodes of one blog in this process: each the whole application, all on one database. */
import type { LightMyRequestResponse } from 'fastify';
import { onTestFinished } from 'vitest';
import { type BlogSystem, createBlogSystem } from '../../src/app.ts';
import type { ConfigInput } from '../../src/config/schema.ts';
import { createDatabasePlace } from '../support/database-kinds.ts';

export const ownerToken = 'token-of-the-owner-for-tests';

export interface Cluster {
  readonly url: string;
  /** Starts a node, which is closed with the test. */
  start(overrides?: ConfigInput): Promise<BlogSystem>;
}

/** A database that is removed when the running test has finished. */
export async function openCluster(): Promise<Cluster> {
  const { url, remove } = await createDatabasePlace();
  onTestFinished(remove);
  return {
    url,
    async start(overrides = {}) {
      const node = await createBlogSystem({
        log: { level: 'silent' },
        auth: { adminToken: ownerToken },
        database: { url },
        performance: { backgroundTasks: false },
        // One address for all, as behind a load balancer.
        site: { url: 'https://blog.example', title: 'The Daily Test' },
        ...overrides,
      });
      onTestFinished(() => node.close());
      // From here on nothing is dropped for being older than the node.
      await node.cache.catchUp();
      return node;
    },
  };
}

/** One node with a database of its own. */
export async function openNode(overrides: ConfigInput = {}): Promise<BlogSystem> {
  return (await openCluster()).start(overrides);
}

export type Headers = Record<string, string>;

export function get(node: BlogSystem, url: string, headers: Headers = {}): Promise<LightMyRequestResponse> {
  return node.http.inject({ url, headers });
}

export function cacheStatus(response: LightMyRequestResponse): string {
  return String(response.headers['cache-status']);
}

export function isHit(response: LightMyRequestResponse): boolean {
  return /^broadsheet; hit; ttl=\d+; detail=(memory|redis)$/.test(cacheStatus(response));
}

/** All that a client can tell two answers apart by, without what belongs to one request. */
export function contentOf({ statusCode, headers, body }: LightMyRequestResponse) {
  return {
    statusCode,
    location: headers.location,
    link: headers['link'],
    type: headers['content-type'],
    body: body.replace(/"requestId":"[^"]*"/, ''),
  };
}

/** Resolves when `check` does not throw any more; rejects with its last error after so many milliseconds. */
export async function eventually<T>(check: () => Promise<T>, withinMs: number): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
