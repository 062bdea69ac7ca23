/** The one place where errors become responses. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BroadsheetError } from '../errors.ts';
import { problemContentType, toBroadsheetError, toProblem } from './problem.ts';

export function addErrorHandling(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
}

/** Answers with problem details, and logs what the user is not told. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const told = toBroadsheetError(error);
  logFailure(told, request);
  return reply
    .status(told.status)
    .headers({ 'cache-control': 'private, no-store', ...told.headers })
    .type(problemContentType)
    .send(JSON.stringify(toProblem(told, request.id)));
}

/** Faults of ours with their cause; refusals are in the request's own log line. */
export function logFailure(error: BroadsheetError, request: FastifyRequest): void {
  if (error.status < 500) return;
  request.log.error({ err: error.cause ?? error, code: error.code }, error.message);
}
