/** The posts API. */
import { createHash } from 'node:crypto';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { BroadsheetError } from '../../errors.ts';
import { parseIfMatch, versionTag } from '../../http/preconditions.ts';
import type { Addresses } from '../addresses.ts';
import type { Post } from './post.ts';
import { presentPage, presentPost } from './presenter.ts';
import { registerRevisionRoutes } from './revision-routes.ts';
import {
  PostCreateSchema,
  PostListQuerySchema,
  PostListSchema,
  PostPatchSchema,
  PostSchema,
} from './schemas.ts';
import type { PostService } from './service.ts';
import { pathOf } from './store.ts';

const IdSchema = Type.Object({ id: Type.String({ maxLength: 300, description: 'The id of a post.' }) });
const IdOrSlugSchema = Type.Object({
  id: Type.String({ maxLength: 300, description: 'The id of a post; for reading also its slug.' }),
});
const IfMatchSchema = Type.Object({
  'if-match': Type.Optional(
    Type.String({ description: 'ETag of the version that you changed; 412 when it is not the present one.' }),
  ),
});
const IdempotencySchema = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      maxLength: 255,
      description: 'A repetition with the same key and body gets the first answer.',
    }),
  ),
});
const security = [{ bearer: [] }];
const tags = ['posts'];

export function registerPostRoutes(server: FastifyInstance, posts: PostService, addresses: Addresses): void {
  const app = server.withTypeProvider<TypeBoxTypeProvider>();

  app.get(
    '/posts',
    {
      config: { publicCache: { query: 'all', isPage: false } },
      schema: {
        tags,
        operationId: 'listPosts',
        summary: 'List posts',
        querystring: PostListQuerySchema,
        response: { 200: PostListSchema },
      },
    },
    async (request, reply) => {
      const page = await posts.list(request.query, request.principal);
      keepPrivate(request, reply);
      if (page.next !== null) reply.header('link', `<${nextAddress(request.url, page.next)}>; rel="next"`);
      return presentPage(page, addresses);
    },
  );

  app.get(
    '/posts/:id',
    {
      config: { publicCache: { query: [], isPage: false } },
      schema: {
        tags,
        operationId: 'getPost',
        summary: 'Read a post by its id or slug',
        params: IdOrSlugSchema,
        response: { 200: PostSchema },
      },
    },
    async (request, reply) => {
      const { id: idOrSlug } = request.params;
      try {
        const post = await posts.find(idOrSlug, request.principal);
        keepPrivate(request, reply);
        return answer(reply, post);
      } catch (error) {
        const moved = await movedAddress(error, idOrSlug);
        if (moved === null) throw error;
        return reply.redirect(moved, 301);
      }
    },
  );

  app.post(
    '/posts',
    {
      schema: {
        tags,
        security,
        operationId: 'createPost',
        summary: 'Create a post',
        headers: IdempotencySchema,
        body: PostCreateSchema,
        response: { 201: PostSchema },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const { post, isRepeated } =
        key === undefined
          ? { post: await posts.create(request.body, request.principal), isRepeated: false }
          : await posts.createOnce(
              request.body,
              { key: keyOf(request, key), digest: digestOf(request) },
              request.principal,
            );
      if (isRepeated) reply.header('idempotency-replayed', 'true');
      reply.status(201).header('location', `/posts/${post.id}`);
      keepPrivate(request, reply);
      return answer(reply, post);
    },
  );

  app.patch(
    '/posts/:id',
    {
      schema: {
        tags,
        security,
        operationId: 'updatePost',
        summary: 'Change some fields of a post',
        params: IdSchema,
        headers: IfMatchSchema,
        body: PostPatchSchema,
        response: { 200: PostSchema },
      },
    },
    async (request, reply) => {
      keepPrivate(request, reply);
      const options = { ifVersion: parseIfMatch(request.headers['if-match']) };
      return answer(reply, await posts.update(request.params.id, request.body, options, request.principal));
    },
  );

  app.put(
    '/posts/:id',
    {
      schema: {
        tags,
        security,
        operationId: 'replacePost',
        summary: 'Replace all fields of a post',
        params: IdSchema,
        headers: IfMatchSchema,
        body: PostCreateSchema,
        response: { 200: PostSchema },
      },
    },
    async (request, reply) => {
      keepPrivate(request, reply);
      const options = { ifVersion: parseIfMatch(request.headers['if-match']) };
      return answer(reply, await posts.replace(request.params.id, request.body, options, request.principal));
    },
  );

  app.delete(
    '/posts/:id',
    {
      schema: {
        tags,
        security,
        operationId: 'deletePost',
        summary: 'Delete a post',
        params: IdSchema,
        headers: IfMatchSchema,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      keepPrivate(request, reply);
      const options = { ifVersion: parseIfMatch(request.headers['if-match']) };
      await posts.delete(request.params.id, options, request.principal);
      return reply.status(204).send(null);
    },
  );

  registerRevisionRoutes(server, posts, answer);

  function answer(reply: FastifyReply, post: Post) {
    reply.headers({
      etag: versionTag(post.version),
      'last-modified': new Date(post.updatedAt).toUTCString(),
    });
    return presentPost(post, addresses);
  }

  async function movedAddress(error: unknown, slug: string): Promise<string | null> {
    if (!(error instanceof BroadsheetError) || error.code !== 'post_not_found') return null;
    const path = await posts.resolveRedirect(pathOf(slug));
    return path === null || !path.startsWith('/')
      ? null
      : `/posts/${encodeURIComponent(path.split('/')[1] ?? '')}`;
  }
}

/** What a principal sees may be more than the public does: no shared cache may keep it. */
export function keepPrivate(request: FastifyRequest, reply: FastifyReply): void {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (request.principal.kind !== 'anonymous' || !isRead) reply.header('cache-control', 'private, no-store');
}

function nextAddress(url: string, cursor: string): string {
  const next = new URL(url, 'http://localhost');
  next.searchParams.delete('offset');
  next.searchParams.set('after', cursor);
  return `${next.pathname}${next.search}`;
}

/** Keys of different clients never meet. */
function keyOf(request: FastifyRequest, key: string): string {
  return `${request.principal.id}:${key}`;
}

function digestOf(request: FastifyRequest): string {
  return createHash('sha256')
    .update(`${request.method} ${request.url}\n${JSON.stringify(request.body)}`)
    .digest('hex');
}
