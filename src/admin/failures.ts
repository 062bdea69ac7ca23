/** Errors of the admin pages, as pages. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BroadsheetError } from '../errors.ts';
import { logFailure } from '../http/error-handling.ts';
import { toBroadsheetError } from '../http/problem.ts';
import { type AdminContext, sendPage } from './pages.ts';

export function errorHandler(context: AdminContext) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const failure = toBroadsheetError(error);
    logFailure(failure, request);
    return sendFailure(context, request, reply, failure);
  };
}

export function notFoundHandler(context: AdminContext) {
  return (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const failure = new BroadsheetError('not_found', 'The admin has no page at this address.');
    return sendFailure(context, request, reply, failure);
  };
}

function sendFailure(
  context: AdminContext,
  request: FastifyRequest,
  reply: FastifyReply,
  failure: BroadsheetError,
): Promise<FastifyReply> {
  const page = { title: failure.title, failure, model: { requestId: request.id } };
  return sendPage(context, request, reply, 'failure', page);
}
