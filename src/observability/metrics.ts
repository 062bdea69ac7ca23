/** What the process measures of itself: one source for the JSON and for Prometheus. */
import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { HttpMetrics, type HttpSummary } from './http-metrics.ts';
import { type JobCounts, JobMetrics, type JobSummary } from './job-metrics.ts';

/** What other parts tell of themselves when metrics are read. */
export interface MetricSources {
  version: string;
  cache(): object;
  database(): Promise<Record<string, number | string>>;
  jobs(): Promise<JobCounts>;
}

export interface MetricsJson {
  /** Bytes. */
  memory: { rss: number; heapUsed: number; heapTotal: number; external: number };
  cpu: { userSeconds: number; systemSeconds: number };
  eventLoop: { delayP50Ms: number; delayP99Ms: number; delayMaxMs: number; utilization: number };
  cache: object;
  database: Record<string, number | string>;
  http: HttpSummary;
  jobs: JobSummary;
}

const delayResolutionMs = 10;

export class Metrics {
  readonly #registry = new Registry();
  readonly #http: HttpMetrics;
  readonly #jobs: JobMetrics;
  readonly #sources: MetricSources;
  readonly #delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
  #utilization: EventLoopUtilization = performance.eventLoopUtilization();

  constructor(sources: MetricSources) {
    this.#sources = sources;
    this.#http = new HttpMetrics(this.#registry);
    this.#jobs = new JobMetrics(this.#registry, () => sources.jobs());
    this.#delay.enable();
    collectDefaultMetrics({ register: this.#registry });
    const build = new Gauge({
      name: 'broadsheet_build_info',
      help: 'Always 1; the labels tell what runs.',
      labelNames: ['version', 'node'],
      registers: [this.#registry],
    });
    build.set({ version: sources.version, node: process.versions.node }, 1);
  }

  async json(): Promise<MetricsJson> {
    const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    return {
      memory: { rss, heapUsed, heapTotal, external },
      cpu: { userSeconds: user / 1e6, systemSeconds: system / 1e6 },
      eventLoop: this.#eventLoop(),
      cache: this.#sources.cache(),
      database: await this.#sources.database(),
      http: this.#http.summary(),
      jobs: await this.#jobs.summary(),
    };
  }

  get prometheusContentType(): string {
    return this.#registry.contentType;
  }

  prometheus(): Promise<string> {
    return this.#registry.metrics();
  }

  close(): void {
    this.#http.close();
    this.#jobs.close();
    this.#delay.disable();
    this.#registry.clear();
  }

  /** Since the metrics were read before: a mean over days hides what happens now. */
  #eventLoop(): MetricsJson['eventLoop'] {
    const utilization = performance.eventLoopUtilization(this.#utilization).utilization;
    this.#utilization = performance.eventLoopUtilization();
    // The histogram counts its own sampling interval in.
    const delay = (nanoseconds: number): number =>
      Math.max(0, Math.round(nanoseconds / 1e4) / 100 - delayResolutionMs);
    const summary = {
      delayP50Ms: delay(this.#delay.percentile(50)),
      delayP99Ms: delay(this.#delay.percentile(99)),
      delayMaxMs: delay(this.#delay.max),
      utilization: Math.round(utilization * 1000) / 1000,
    };
    this.#delay.reset();
    return summary;
  }
}
