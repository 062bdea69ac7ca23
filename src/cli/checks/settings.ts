import { stat } from 'node:fs/promises';
import type { Explanation } from '../../config/loader.ts';
import { isLoopback } from '../../config/rules.ts';
import type { Config } from '../../config/schema.ts';
import type { Finding } from './finding.ts';

/** What was set where, and combinations that work but are seldom meant. */
export async function checkSettings(explanation: Explanation): Promise<Finding[]> {
  const { config, given } = explanation;
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
    ...notInThisRelease(explanation),
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

/** Settings that are checked, and that nothing acts on yet: what that means for who sets them. */
const idle: Record<string, string> = {
  'http.corsOrigins': 'browsers get no permission to call the API from other origins',
  'performance.rateLimitRequests': 'requests are not limited; let the proxy in front do it',
  'performance.rateLimitWindowSeconds': 'requests are not limited; let the proxy in front do it',
  'performance.workers': 'one process serves',
  'telemetry.otlpEndpoint': 'no traces are sent',
};

function notInThisRelease({ given }: Explanation): Finding[] {
  return given.flatMap(({ path, name }) => {
    const effect = idle[path];
    if (!effect) return [];
    const fix = 'leave it for a later release, or take it out';
    return [{ level: 'warning', subject: 'Not in this release', text: `${name}: ${effect}`, fix }];
  });
}
