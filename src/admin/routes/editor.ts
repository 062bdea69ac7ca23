/** Writing and changing a post. Whatever goes wrong, the form comes back with the text in it. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Post } from '../../blog/posts/post.ts';
import { BroadsheetError } from '../../errors.ts';
import { requireLogIn } from '../access.ts';
import { Form } from '../form.ts';
import { type AdminContext, sendPage } from '../pages.ts';
import { emptyPostForm, type PostForm, readPostForm, toPatch, toPostForm } from '../post-form.ts';

interface PostParams {
  Params: { id: string };
}

export function registerEditorRoutes(app: FastifyInstance, context: AdminContext): void {
  app.get('/posts/new', { preHandler: requireLogIn }, (request, reply) =>
    sendEditor(context, request, reply, { form: emptyPostForm }),
  );

  app.post('/posts/new', async (request, reply) => {
    const form = readPostForm(new Form(request.body));
    try {
      requireSession(request);
      const input = toPatch(form, null, await context.tags.list());
      const post = await context.posts.create(input, request.principal);
      return reply.redirect(`/admin/posts/${post.id}?done=created`, 303);
    } catch (failure) {
      if (!(failure instanceof BroadsheetError)) throw failure;
      return sendEditor(context, request, reply, { form, failure });
    }
  });

  app.get<PostParams>('/posts/:id', { preHandler: requireLogIn }, async (request, reply) => {
    const post = await editablePost(context, request, request.params.id);
    return sendEditor(context, request, reply, { form: toPostForm(post), post, version: post.version });
  });

  app.post<PostParams>('/posts/:id', async (request, reply) => {
    const body = new Form(request.body);
    const form = readPostForm(body);
    const version = Number(body.text('version')) || 0;
    const { id } = request.params;
    let post: Post | undefined;
    try {
      requireSession(request);
      post = await editablePost(context, request, id);
      const patch = toPatch(form, post, await context.tags.list());
      await context.posts.update(id, patch, { ifVersion: [version] }, request.principal);
      return reply.redirect(`/admin/posts/${id}?done=saved`, 303);
    } catch (failure) {
      if (!(failure instanceof BroadsheetError) || failure.code === 'post_not_found') throw failure;
      if (failure.code !== 'version_conflict') {
        return sendEditor(context, request, reply, { form, version, failure, ...(post ? { post } : {}) });
      }
      const theirs = await editablePost(context, request, id);
      const state = { form, post: theirs, version: theirs.version, failure: conflict(), theirs };
      return sendEditor(context, request, reply, state);
    }
  });
}

interface EditorState {
  form: PostForm;
  /** The post as stored; absent for a new one, or when the session is over. */
  post?: Post;
  version?: number;
  failure?: BroadsheetError;
  /** What somebody else made of the post meanwhile. */
  theirs?: Post;
}

async function sendEditor(
  context: AdminContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { form, post, version, failure, theirs }: EditorState,
): Promise<FastifyReply> {
  const isKnown = request.principal.role !== null;
  return sendPage(context, request, reply, 'editor', {
    title: version === undefined ? 'New post' : `Edit ${form.title || 'post'}`,
    section: 'posts',
    ...(failure ? { failure } : {}),
    model: {
      form,
      post: post ?? null,
      version: version ?? null,
      theirs: theirs ? { ...toPostForm(theirs), updatedAt: theirs.updatedAt } : null,
      authors: isKnown ? await context.authors.list() : [],
      tags: isKnown ? await context.tags.list() : [],
      action: version === undefined ? '/admin/posts/new' : request.url.split('?')[0],
    },
  });
}

/** Finds a post that the visitor may edit, and not only read. @throws BroadsheetError */
export async function editablePost(
  context: AdminContext,
  request: FastifyRequest,
  id: string,
): Promise<Post> {
  await context.posts.revisions(id, request.principal);
  return context.posts.find(id, request.principal);
}

function requireSession(request: FastifyRequest): void {
  if (request.principal.role !== null) return;
  throw new BroadsheetError(
    'unauthorized',
    'Your session is over; your text is still here. Log in in another tab, come back to this one, and save again.',
  );
}

/** The service's words are for programs. */
const conflict = () =>
  new BroadsheetError(
    'version_conflict',
    'This post was changed since you opened it, so your changes are not saved yet. Compare them, and save again.',
  );
