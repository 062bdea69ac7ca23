import { stat } from 'node:fs/promises';
import type { Explanation } from '../../config/loader.ts';
import { isLoopback } from '../../config/rules.ts';
import type { Config } from '../../config/schema.ts';
import type { Finding } from './finding.ts';

/** What was set where, and combinations that work but are seldom meant. */
export async function checkSettings({ config, given }: Explanation): Promise<Finding[]> {
  const list = given.map(({ name, value }) => `\n${name} = ${value}`).join('');
  return [
    {
      level: 'ok',
      subject: 'Settings',
      text: list ? `valid; not left to their defaults:${list}` : 'valid, all defaults',
    },
    ...openAuth(config),
    ...siteUrl(config),
    ...(await theme(config)),
    ...notInThisRelease(config),
  ];
}

function openAuth({ auth }: Config): Finding[] {
  if (auth.mode !== 'open') return [];
  const text = 'AUTH=open: whoever can use this machine can write without a token';
  return [
    {
      level: 'warning',
      subject: 'Access',
      text,
      fix: 'leave AUTH and --open out where others use the machine',
    },
  ];
}

function siteUrl({ http, site }: Config): Finding[] {
  if (site.url || isLoopback(http.host)) return [];
  const text =
    'SITE_URL is not set, so feeds, the sitemap and canonical links rely on what each request says';
  return [
    { level: 'warning', subject: 'Address', text, fix: 'set SITE_URL to the public address of the blog' },
  ];
}

async function theme({ site }: Config): Promise<Finding[]> {
  if (site.theme === undefined) return [];
  const folder = await stat(site.theme).catch(() => null);
  if (folder?.isDirectory()) return [{ level: 'ok', subject: 'Theme', text: site.theme }];
  const text = `SITE_THEME is ${JSON.stringify(site.theme)}, which is not a folder`;
  return [
    { level: 'failure', subject: 'Theme', text, fix: 'name a folder with templates, or unset SITE_THEME' },
  ];
}

/** Settings that are read and checked, and that nothing acts on yet. */
function notInThisRelease({ cache, performance, telemetry }: Config): Finding[] {
  const idle = [
    cache.redisUrl !== undefined && 'REDIS_URL: the cache keeps to the memory of the process',
    performance.workers !== 1 && 'WORKERS: one process serves',
    telemetry.otlpEndpoint !== undefined && 'OTEL_EXPORTER_OTLP_ENDPOINT: no traces are sent',
  ].filter((text) => text !== false);
  return idle.map((text) => ({
    level: 'warning',
    subject: 'Not in this release',
    text,
    fix: 'nothing has to be done; it takes effect with a later release',
  }));
}
