/** `GET /metrics`: JSON, or Prometheus' text where `Accept` asks for it. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { BroadsheetError } from '../errors.ts';

const Measures = (description: string, examples: object[]) =>
  Type.Record(Type.String(), Type.Unknown(), { description, examples });

const MetricsSchema = Type.Object(
  {
    memory: Measures('Bytes.', [{ rss: 83_886_080, heapUsed: 31_457_280 }]),
    cpu: Measures('Seconds of processor time since the start.', [{ userSeconds: 12.5, systemSeconds: 1.5 }]),
    eventLoop: Measures('Delays since the metrics were read before.', [
      { delayP99Ms: 1.2, utilization: 0.08 },
    ]),
    cache: Measures('Hits, misses and sizes of the cache.', [{}]),
    database: Measures('What kind it is and how long it takes to answer.', [{ kind: 'sqlite', pingMs: 0.2 }]),
    http: Measures('Requests by status and by route.', [{ requests: 1, byStatus: { '2xx': 1 } }]),
    jobs: Measures('Background jobs of all nodes, and what became of those that ran on this one.', [
      { waiting: 6, running: 0, dead: 0, byTask: { 'publish-post': { done: 1 } } },
    ]),
  },
  { $id: 'Metrics' },
);
const description =
  'Prometheus text where `Accept` asks for `text/plain`. METRICS_ACCESS says who may read it.';

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
    {
      schema: {
        tags: ['operations'],
        operationId: 'getMetrics',
        summary: 'What the process measures of itself',
        description,
        security: [{}, { bearer: [] }],
        response: {
          200: {
            description: 'Success.',
            content: {
              'application/json': { schema: MetricsSchema },
              'text/plain': { schema: Type.String() },
            },
          },
        },
      },
    },
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

/** Whether text is wanted more than JSON: Prometheus does, browsers and curl don't mind and get JSON. */
function asksForText(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const text = Math.max(weightOf(accept, 'text/plain'), weightOf(accept, 'application/openmetrics-text'));
  return text > weightOf(accept, 'application/json');
}

/** The q-value that `Accept` gives to a type (RFC 9110, 12.5.1): that of the most specific range. */
function weightOf(accept: string, type: string): number {
  const ranges = new Map(
    accept.split(',').map((part) => {
      const [range = '', ...parameters] = part.split(';').map((word) => word.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
      return [range, Number(weight) || 0];
    }),
  );
  return ranges.get(type) ?? ranges.get(`${type.split('/', 1)[0]}/*`) ?? ranges.get('*/*') ?? 0;
}
