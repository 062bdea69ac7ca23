/** Who gets into the admin pages. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BroadsheetError } from '../errors.ts';
import { can } from '../identity/principal.ts';

/** Sends who is not logged in to the log-in page, and from there back to where they wanted to go. */
export async function requireLogIn(
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  if (request.principal.role !== null) return undefined;
  const wanted = request.method === 'GET' && request.url !== '/admin/' ? request.url : undefined;
  const query = wanted === undefined ? '' : `?next=${encodeURIComponent(wanted)}`;
  return reply.redirect(`/admin/log-in${query}`, 303);
}

/** @throws BroadsheetError `forbidden` to who isn't an owner */
export async function requireOwner(request: FastifyRequest): Promise<void> {
  if (can(request.principal, 'admin')) return;
  throw new BroadsheetError('forbidden', 'Only an owner of the blog may see this page.');
}

/** Where to go after the log-in: a page of the admin and nothing else, whatever the address says. */
export function safeNext(next: unknown): string {
  const isAdminPage = typeof next === 'string' && /^\/admin\/[\w/?=&%.~+-]*$/.test(next);
  return isAdminPage && !/^\/admin\/(log-in|setup)/.test(next) ? next : '/admin/';
}
