/** Tells whoever listens of each answered request; observability subscribes, nobody here knows of it. */
import { channel } from 'node:diagnostics_channel';
import type { FastifyInstance } from 'fastify';
import { isInternal } from './fill-request.ts';

export const responseChannelName = 'broadsheet:http.response';

/** One answered request. */
export interface ResponseEvent {
  method: string;
  /** The route's pattern, such as `/posts/:id`; `unmatched` where there is none, so that labels stay few. */
  route: string;
  status: number;
  seconds: number;
}

const responses = channel(responseChannelName);

export function announceResponses(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    if (!responses.hasSubscribers || isInternal(request)) return;
    const event: ResponseEvent = {
      method: request.method,
      route: request.routeOptions.url ?? 'unmatched',
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    };
    responses.publish(event);
  });
}
