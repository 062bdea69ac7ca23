/** A whole blog for a test: the real application on a database of its own, called by injection. */
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { onTestFinished } from 'vitest';
import { type BlogSystem, createBlogSystem } from '../../src/app.ts';
import type { PostJson } from '../../src/blog/posts/schemas.ts';
import type { ConfigInput } from '../../src/config/schema.ts';
import { sqlitePath } from '../../src/config/sqlite-path.ts';
import { type ApiContract, readContract } from './api-contract.ts';
import { createDatabasePlace } from './database-kinds.ts';

export const adminToken = 'token-of-the-owner-for-tests';

type Headers = Record<string, string>;
type Method = 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Requests of one client. Answers are held to `/openapi.json`, so that each test of the API tests its description. */
export interface Client {
  /** A string or a Buffer is sent as it is, anything else as JSON. */
  request(method: Method, url: string, body?: unknown, headers?: Headers): Promise<LightMyRequestResponse>;
  get(url: string, headers?: Headers): Promise<LightMyRequestResponse>;
  post(url: string, body?: unknown, headers?: Headers): Promise<LightMyRequestResponse>;
  put(url: string, body?: unknown, headers?: Headers): Promise<LightMyRequestResponse>;
  patch(url: string, body?: unknown, headers?: Headers): Promise<LightMyRequestResponse>;
  delete(url: string, headers?: Headers): Promise<LightMyRequestResponse>;
  /** Creates a post through the API; throws unless it was created. */
  create(post: object): Promise<PostJson>;
}

export interface TestBlog extends BlogSystem {
  /** The database file; empty on PostgreSQL. */
  readonly path: string;
  /** The owner. */
  readonly owner: Client;
  /** Anybody. */
  readonly reader: Client;
  /** The bearer of a token. */
  as(token: string): Client;
}

/** Opens a blog, whose owner has {@link adminToken}; the caller closes it, which also removes its files. */
export async function createBlog(overrides: ConfigInput = {}): Promise<TestBlog> {
  const place = await createDatabasePlace();
  try {
    const system = await createBlogSystem({
      log: { level: 'silent' },
      auth: { adminToken },
      database: { url: place.url },
      performance: { backgroundTasks: false },
      ...overrides,
    });
    const contract = readContract((await system.http.inject('/openapi.json')).json());
    const as = (token: string) => clientOf(system, contract, { authorization: `Bearer ${token}` });
    return {
      ...system,
      path: sqlitePath(place.url) ?? '',
      owner: as(adminToken),
      reader: clientOf(system, contract, {}),
      as,
      async close() {
        await system.close();
        await place.remove();
      },
    };
  } catch (error) {
    await place.remove();
    throw error;
  }
}

/** As {@link createBlog}, closed when the running test has finished. */
export async function openBlog(overrides: ConfigInput = {}): Promise<TestBlog> {
  const blog = await createBlog(overrides);
  onTestFinished(blog.close);
  return blog;
}

function clientOf({ http }: BlogSystem, contract: ApiContract, credentials: Headers): Client {
  const request: Client['request'] = async (method, url, body, headers = {}) => {
    const options: InjectOptions = { method, url, headers: { ...credentials, ...headers } };
    if (typeof body === 'string' || Buffer.isBuffer(body)) {
      options.payload = body;
      options.headers = { 'content-type': 'application/json', ...options.headers };
    } else if (body !== undefined) {
      options.payload = JSON.stringify(body);
      options.headers = { 'content-type': 'application/json', ...options.headers };
    }
    const response = await http.inject(options);
    contract.check(method, url, response);
    return response;
  };
  return {
    request,
    get: (url, headers) => request('GET', url, undefined, headers),
    post: (url, body, headers) => request('POST', url, body, headers),
    put: (url, body, headers) => request('PUT', url, body, headers),
    patch: (url, body, headers) => request('PATCH', url, body, headers),
    delete: (url, headers) => request('DELETE', url, undefined, headers),
    async create(post) {
      const response = await request('POST', '/posts', post);
      if (response.statusCode !== 201) throw new Error(`not created: ${response.body}`);
      return response.json();
    },
  };
}
