/** Puts a view into the frame that all admin pages share, and sends it. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BroadsheetError } from '../errors.ts';
import { can } from '../identity/principal.ts';
import type { AdminAssets } from './assets.ts';
import { doneMessage } from './messages.ts';
import type { AdminPorts } from './ports.ts';
import { renderView, type View } from './views.ts';

export interface AdminContext extends AdminPorts {
  assets: AdminAssets;
}

export interface Page {
  title: string;
  /** Which entry of the navigation the page belongs to. */
  section?: 'posts' | 'terms' | 'tokens' | 'users' | 'profile';
  status?: number;
  /** Something that the user asked for and didn't get. */
  failure?: BroadsheetError;
  /** What the view itself shows. */
  model?: object;
}

export async function sendPage(
  context: AdminContext,
  request: FastifyRequest,
  reply: FastifyReply,
  view: View,
  page: Page,
): Promise<FastifyReply> {
  const { principal } = request;
  const html = await renderView(view, {
    title: page.title,
    section: page.section ?? null,
    site: { title: context.config.site.title },
    me: {
      isKnown: principal.role !== null,
      isUser: principal.kind === 'user',
      isOwner: can(principal, 'admin'),
      isAuthor: principal.role === 'author',
      id: principal.id,
      name: principal.kind === 'open' ? 'everybody on this machine' : principal.name,
    },
    css: context.assets.address('admin.css'),
    js: context.assets.address('admin.js'),
    icon: context.assets.address('icon.svg'),
    done: page.failure ? null : doneMessage(request.query),
    failure: page.failure ? presentFailure(page.failure) : null,
    ...page.model,
  });
  if (page.failure) reply.headers(page.failure.headers);
  return reply
    .code(page.status ?? page.failure?.status ?? 200)
    .type('text/html; charset=utf-8')
    .send(html);
}

/** Problems by the name of the form's field, and in order for the summary. */
function presentFailure(failure: BroadsheetError) {
  const problems = (failure.errors ?? []).map(({ path, message }) => {
    const field = path.split('/')[1] ?? '';
    return { field, label: toWords(field), message };
  });
  const fields = Map.groupBy(problems, ({ field }) => field);
  return {
    code: failure.code,
    detail: failure.message,
    problems,
    fields: Object.fromEntries(
      [...fields].map(([field, list]) => [field, list.map(({ message }) => message).join('; ')]),
    ),
  };
}

/** `featureImage` as `Feature image`. */
function toWords(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
