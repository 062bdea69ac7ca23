/** `GET /metrics`: JSON, or Prometheus' text where `Accept` asks for it. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BroadsheetError } from '../errors.ts';

export interface MetricsPort {
  json(): Promise<object>;
  prometheus(): Promise<string>;
  readonly prometheusContentType: string;
}

/** @param mayRead by METRICS_ACCESS */
export function registerMetrics(
  app: FastifyInstance,
  metrics: MetricsPort,
  mayRead: (request: FastifyRequest) => boolean,
): void {
  app.get(
    '/metrics',
    { schema: { tags: ['operations'], summary: 'What the process measures of itself' } },
    async (request, reply) => {
      if (!mayRead(request)) {
        throw new BroadsheetError(
          'forbidden',
          'Metrics are not open to you here. The setting METRICS_ACCESS says who may read them.',
        );
      }
      reply.headers({ 'cache-control': 'private, no-store', vary: 'accept' });
      if (!asksForText(request.headers.accept)) return metrics.json();
      return reply.type(metrics.prometheusContentType).send(await metrics.prometheus());
    },
  );
}

/** Prometheus asks for OpenMetrics or text; browsers and curl for HTML or anything, and get JSON. */
function asksForText(accept: string | undefined): boolean {
  return accept !== undefined && /\b(text\/plain|application\/openmetrics-text)\b/.test(accept);
}
