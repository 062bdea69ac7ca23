/** Rate, errors and duration by route, from what the HTTP server announces. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Histogram, type Registry } from 'prom-client';

/** The channel and the event of http/response-channel.ts; observability imports nobody. */
const channelName = 'broadsheet:http.response';

export interface HttpSummary {
  requests: number;
  byStatus: Record<string, number>;
  byRoute: Record<string, { requests: number; meanMs: number }>;
}

export class HttpMetrics {
  readonly #durations: Histogram<'method' | 'route' | 'status'>;
  readonly #byStatus = new Map<string, number>();
  readonly #byRoute = new Map<string, { requests: number; seconds: number }>();

  constructor(registry: Registry) {
    this.#durations = new Histogram({
      name: 'broadsheet_http_request_duration_seconds',
      help: 'Time from the first byte of a request to the end of its response.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    });
    subscribe(channelName, this.#record);
  }

  summary(): HttpSummary {
    const routes = [...this.#byRoute].map(([route, { requests, seconds }]) => [
      route,
      { requests, meanMs: round((seconds / requests) * 1000) },
    ]);
    return {
      requests: [...this.#byStatus.values()].reduce((sum, count) => sum + count, 0),
      byStatus: Object.fromEntries(this.#byStatus),
      byRoute: Object.fromEntries(routes),
    };
  }

  close(): void {
    unsubscribe(channelName, this.#record);
  }

  readonly #record = (message: unknown): void => {
    if (!isResponseEvent(message)) return;
    const { method, route, status, seconds } = message;
    this.#durations.observe({ method, route, status }, seconds);
    const statusClass = `${Math.floor(status / 100)}xx`;
    this.#byStatus.set(statusClass, (this.#byStatus.get(statusClass) ?? 0) + 1);
    const known = this.#byRoute.get(route) ?? { requests: 0, seconds: 0 };
    this.#byRoute.set(route, { requests: known.requests + 1, seconds: known.seconds + seconds });
  };
}

interface ResponseEvent {
  method: string;
  route: string;
  status: number;
  seconds: number;
}

function isResponseEvent(message: unknown): message is ResponseEvent {
  return message !== null && typeof message === 'object' && 'route' in message && 'seconds' in message;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
