/**
 * Makes the frozen Config from its sources: flags win over the environment, the environment over the configuration
 * file, the file over the defaults. Nothing else in the program reads the environment.
 */
import type { Static } from 'typebox';
import { Value } from 'typebox/value';
import { OperatorError } from '../errors.ts';
import { readConfigFile } from './file.ts';
import { environmentLayer, type Flags, flagsLayer, type Layer, treeLayer } from './layers.ts';
import { showValue } from './redact.ts';
import { brokenRules } from './rules.ts';
import { type Config, type ConfigInput, ConfigSchema } from './schema.ts';
import { expectation, type Setting, sections, settings } from './settings.ts';

export interface LoadOptions {
  flags?: Flags;
  env?: Readonly<Record<string, string | undefined>>;
  /** The folder in which the configuration file is looked for. */
  cwd?: string;
}

/**
 * Reads every source and validates the result once.
 *
 * @example const config = await loadConfig({ flags: { port: '9000' } });
 * @throws OperatorError naming every wrong setting, its value and the fix.
 */
export async function loadConfig(options: LoadOptions = {}): Promise<Config> {
  return (await explainConfig(options)).config;
}

export interface Explanation {
  config: Config;
  /**
   * Each setting that is not left to its default: where it is in the tree, its name in the source that won, and its
   * value without credentials.
   */
  given: { path: string; name: string; value: string }[];
}

/** As loadConfig, telling also what was given where. */
export async function explainConfig(options: LoadOptions = {}): Promise<Explanation> {
  const { flags = {}, env = process.env, cwd = process.cwd() } = options;
  const file = await readConfigFile(cwd);
  const layers = [
    flagsLayer(flags),
    environmentLayer(env),
    ...(file ? [treeLayer(file.content, ` in ${file.name}`)] : []),
  ];
  const config = merge(layers);
  const given = settings.flatMap((setting) => {
    const layer = givenBy(layers, setting);
    if (!layer) return [];
    const value = showValue(layer.values.get(setting.path), setting.secret);
    return [{ path: setting.path, name: layer.nameOf(setting), value }];
  });
  return { config, given };
}

/**
 * Completes and validates the tree that a program gives to the library. The environment and files are not read.
 *
 * @throws OperatorError naming every wrong setting, its value and the fix.
 */
export function resolveConfig(input: ConfigInput = {}): Config {
  return merge([treeLayer(input, '')]);
}

/** @param layers the strongest first */
function merge(layers: Layer[]): Config {
  const problems = layers.flatMap((layer) => layer.problems);
  const tree = new Map<string, Record<string, unknown>>(sections.map((section) => [section, {}]));
  for (const setting of settings) {
    const layer = givenBy(layers, setting);
    let value = layer?.values.get(setting.path);
    if (layer && !Value.Check(setting.schema, value)) {
      problems.push(blame(layer, setting, `must be ${expectation(setting.keywords)}`));
      // It gives way to the default for now, so that the rules below can report what else is wrong.
      value = undefined;
    }
    value ??= structuredClone(setting.keywords.default);
    if (value !== undefined) Object.assign(tree.get(setting.section) ?? {}, { [setting.key]: value });
  }
  const config = Value.Parse(ConfigSchema, Object.fromEntries(tree));
  problems.push(...ruleProblems(config, layers));
  if (problems.length > 0) throw new OperatorError(summary(problems));
  return deepFreeze(canonical(config));
}

function ruleProblems(config: Static<typeof ConfigSchema>, layers: Layer[]): string[] {
  const faults = new Map(brokenRules(config).map(({ path, fault }) => [path, fault]));
  return settings.flatMap((setting) => {
    const fault = faults.get(setting.path);
    const layer = givenBy(layers, setting);
    return fault && layer ? [blame(layer, setting, fault)] : [];
  });
}

function givenBy(layers: Layer[], setting: Setting): Layer | undefined {
  return layers.find(({ values }) => values.has(setting.path));
}

function blame(layer: Layer, setting: Setting, fault: string): string {
  const name = layer.nameOf(setting);
  const stated = name === `--${setting.flag}` && setting.flagSets !== undefined;
  if (stated) return `${name} ${fault}`;
  return `${name} is ${showValue(layer.values.get(setting.path), setting.secret)}; it ${fault}`;
}

/** One line for one problem; a list for several, so that nobody has to start the program once for each. */
function summary(problems: string[]): string {
  const [first, ...others] = problems;
  if (others.length === 0) return `${first}.`.replace(/([?.])\.$/, '$1');
  return [`${problems.length} settings are wrong:`, ...problems.map((problem) => `  - ${problem}`)].join(
    '\n',
  );
}

/** Origins without a trailing slash, in the one spelling that browsers send, so that they can be compared as text. */
function canonical(config: Static<typeof ConfigSchema>): Static<typeof ConfigSchema> {
  const { http, site } = config;
  const corsOrigins = http.corsOrigins.map((item) => (item === '*' ? item : new URL(item).origin));
  return {
    ...config,
    http: { ...http, corsOrigins },
    site: site.url ? { ...site, url: new URL(site.url).origin } : site,
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
