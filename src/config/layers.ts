/** Where values come from: each source becomes a layer, flat by setting, with what it holds that is no setting. */

import { type Setting, sections, settings } from './settings.ts';
import { closest, nearMiss } from './suggest.ts';
import { parseText } from './text.ts';

export interface Layer {
  /** How a message calls a setting of this layer: `PORT`, `--port`, `http.port in broadsheet.config.json`. */
  nameOf(setting: Setting): string;
  /** By path, as in `http.port`. */
  values: ReadonlyMap<string, unknown>;
  problems: readonly string[];
}

/** An unset and an empty variable are the same, because compose files and service units set empty ones. */
export function environmentLayer(env: Readonly<Record<string, string | undefined>>): Layer {
  const values = new Map<string, unknown>();
  for (const setting of settings) {
    const text = env[setting.env]?.trim();
    if (text) values.set(setting.path, parseText(setting.keywords, text));
  }
  const known = settings.map((setting) => setting.env);
  const problems = Object.keys(env)
    .filter((name) => !known.includes(name) && env[name]?.trim())
    .flatMap((name) => {
      const meant = nearMiss(name, known);
      return meant ? [`${name} is not a setting; did you mean ${meant}? Rename it, or unset it`] : [];
    });
  return { nameOf: (setting) => setting.env, values, problems };
}

/** What the command line gave, by the flags' names without dashes; a flag that sets a fixed value comes as `true`. */
export type Flags = Readonly<Record<string, string | boolean | undefined>>;

export function flagsLayer(flags: Flags): Layer {
  const values = new Map<string, unknown>();
  const problems: string[] = [];
  const byFlag = new Map(
    settings.filter((setting) => setting.flag).map((setting) => [setting.flag, setting]),
  );
  for (const [name, value] of Object.entries(flags)) {
    const setting = byFlag.get(name);
    if (value === undefined || (value === false && setting?.flagSets)) continue;
    if (setting) values.set(setting.path, flagValue(setting, value));
    else problems.push(`--${name} is not a flag${didYouMean(name, [...byFlag.keys()], '--')}`);
  }
  return { nameOf: (setting) => `--${setting.flag}`, values, problems };
}

function flagValue(setting: Setting, value: string | boolean): unknown {
  if (setting.flagSets && value === true) return setting.flagSets;
  return typeof value === 'string' ? parseText(setting.keywords, value.trim()) : value;
}

/** A tree of sections, from a file or from the caller of the library; `place` (` in FILE`) ends the names of its settings. */
export function treeLayer(tree: unknown, place: string): Layer {
  const values = new Map<string, unknown>();
  const problems: string[] = [];
  if (!isRecord(tree)) {
    const problem = `the configuration${place} is not an object: it must be sections of settings, such as { http: { port: 8000 } }`;
    return { nameOf: (setting) => setting.path, values, problems: [problem] };
  }
  for (const [section, content] of definedEntries(tree)) {
    if (!sections.includes(section))
      problems.push(`${section}${place} is not a setting${meantPath(section)}`);
    else if (!isRecord(content)) problems.push(`${section}${place} must be an object with settings`);
    else
      for (const [key, value] of definedEntries(content)) {
        const path = `${section}.${key}`;
        if (settings.some((setting) => setting.path === path)) values.set(path, value);
        else problems.push(`${path}${place} is not a setting${meantPath(path)}`);
      }
  }
  return { nameOf: (setting) => `${setting.path}${place}`, values, problems };
}

/** People write the environment variable, the bare key, or a slip of the path. */
function meantPath(name: string): string {
  const exact = settings.find((setting) => setting.env === name || setting.key === name.split('.').at(-1));
  if (exact) return `; did you mean ${exact.path}?`;
  return didYouMean(name, name.includes('.') ? settings.map((setting) => setting.path) : sections, '');
}

function didYouMean(name: string, candidates: readonly (string | undefined)[], prefix: string): string {
  const meant = closest(
    name,
    candidates.filter((candidate) => candidate !== undefined),
  );
  return meant ? `; did you mean ${prefix}${meant}?` : '; remove it (docs/settings.md lists them all)';
}

function definedEntries(record: Record<string, unknown>): [string, unknown][] {
  return Object.entries(record).filter(([, value]) => value !== undefined);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
