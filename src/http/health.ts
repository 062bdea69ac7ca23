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
  latencyMs: Type.Number(),
});
const HealthSchema = Type.Object(
  {
    status: Type.Union([Type.Literal('ok'), Type.Literal('degraded'), Type.Literal('draining')]),
    version: Type.String(),
    uptimeSeconds: Type.Number(),
    components: Type.Record(Type.String(), ComponentSchema),
  },
  { $id: 'Health' },
);
const StatusSchema = Type.Object({ status: Type.String() }, { $id: 'Status' });
const describe = (summary: string, response: Record<number, Type.TSchema>) => ({
  schema: { summary, tags: ['operations'], response },
});

export function registerHealth(app: FastifyInstance, health: Health): void {
  app.get(
    '/health',
    describe('Status and latency of each component', { 200: HealthSchema }),
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
    describe('Whether the process runs', { 200: StatusSchema }),
    async (_request, reply) => {
      reply.header('cache-control', 'private, no-store');
      return { status: 'ok' };
    },
  );
  app.get(
    '/health/ready',
    describe('Whether requests should be sent here', { 200: StatusSchema, 503: StatusSchema }),
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
