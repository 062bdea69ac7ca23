/** Whether the process lives, whether it should get requests, and how its parts are. */
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';

export interface HealthCheck {
  name: string;
  /** Resolves when the component works; rejects when it doesn't. */
  check(): Promise<unknown>;
}

export interface Health {
  version: string;
  checks: HealthCheck[];
  /** False while starting and while draining. */
  isReady(): boolean;
}

/** A component that answers later than this is as good as down. */
const deadlineMs = 2000;

const ComponentSchema = Type.Object({
  status: Type.Union([Type.Literal('ok'), Type.Literal('down')]),
  latencyMs: Type.Number({ description: 'How long the check took.', examples: [0.31] }),
});
const HealthSchema = Type.Object(
  {
    status: Type.Union([Type.Literal('ok'), Type.Literal('degraded'), Type.Literal('draining')], {
      description: '`degraded`: a component is down. `draining`: the node stops.',
    }),
    version: Type.String({ description: 'Of the program.', examples: ['1.0.0'] }),
    uptimeSeconds: Type.Number({ examples: [86_400] }),
    components: Type.Record(Type.String(), ComponentSchema, {
      description: 'By name, such as `database`.',
      examples: [{ database: { status: 'ok', latencyMs: 0.31 } }],
    }),
  },
  { $id: 'Health' },
);
const StatusSchema = Type.Object(
  { status: Type.Union([Type.Literal('ok'), Type.Literal('draining')]) },
  { $id: 'Status' },
);
const describe = (operationId: string, summary: string, response: Record<number, Type.TSchema>) => ({
  schema: { operationId, summary, tags: ['operations'], response },
});

export function registerHealth(app: FastifyInstance, health: Health): void {
  app.get(
    '/health',
    describe('getHealth', 'Status and latency of each component', { 200: HealthSchema }),
    async (_request, reply) => {
      const components = Object.fromEntries(await Promise.all(health.checks.map(measure)));
      const isWell = Object.values(components).every((component) => component.status === 'ok');
      reply.header('cache-control', 'private, no-store');
      return {
        status: health.isReady() ? (isWell ? 'ok' : 'degraded') : 'draining',
        version: health.version,
        uptimeSeconds: Math.round(process.uptime()),
        components,
      };
    },
  );
  app.get(
    '/health/live',
    describe('getLiveness', 'Whether the process runs', { 200: StatusSchema }),
    async (_request, reply) => {
      reply.header('cache-control', 'private, no-store');
      return { status: 'ok' };
    },
  );
  app.get(
    '/health/ready',
    describe('getReadiness', 'Whether requests should be sent here', {
      200: StatusSchema,
      503: StatusSchema,
    }),
    async (_request, reply) => {
      const isReady = health.isReady();
      reply.header('cache-control', 'private, no-store').status(isReady ? 200 : 503);
      return { status: isReady ? 'ok' : 'draining' };
    },
  );
}

async function measure({ name, check }: HealthCheck) {
  const start = performance.now();
  const status = await withDeadline(check()).then(
    () => 'ok' as const,
    () => 'down' as const,
  );
  return [name, { status, latencyMs: Math.round((performance.now() - start) * 100) / 100 }] as const;
}

async function withDeadline(work: Promise<unknown>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
