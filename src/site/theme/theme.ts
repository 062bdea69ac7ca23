/**
 * A theme, ready to render: LiquidJS over templates in memory. Templates never reach the file system, whatever name
 * they ask for, and what they print is escaped unless they say `| raw`.
 */
import { createHash } from 'node:crypto';
import { Liquid, LiquidError } from 'liquidjs';
import { OperatorError } from '../../errors.ts';
import { type Asset, ThemeAssets } from './assets.ts';
import { readThemeFiles, type ThemeFile, type ThemeFiles } from './files.ts';

export const templateNames = [
  'home',
  'post',
  'page',
  'tag',
  'author',
  'archive',
  'search',
  'not-found',
  'error',
] as const;
export type TemplateName = (typeof templateNames)[number];

export class Theme {
  readonly #engine: Liquid;
  readonly #assets: ThemeAssets;
  /** Changes with any file of the theme. */
  readonly version: string;

  constructor(engine: Liquid, assets: ThemeAssets, version: string) {
    this.#engine = engine;
    this.#assets = assets;
    this.version = version;
  }

  /** @param model The variables that docs/themes.md lists for the template. */
  render(template: TemplateName, model: object): string {
    return this.#engine.renderFileSync(template, model);
  }

  findAsset(name: string): Asset | undefined {
    return this.#assets.find(name);
  }

  get assetVersion(): string {
    return this.#assets.version;
  }
}

/**
 * Reads, parses and checks a theme.
 *
 * @param folder The operator's theme, whose files stand in for the default theme's of the same name.
 * @throws OperatorError that names the file and the line of the first mistake.
 */
export async function loadTheme(folder?: string): Promise<Theme> {
  const files = await readThemeFiles(folder);
  const assets = new ThemeAssets(files);
  const templates = [...files.values()].filter((file) => file.name.endsWith('.liquid'));
  const engine = createEngine(templates, assets);
  for (const file of templates) {
    parse(engine, file);
    checkReferences(file, files);
  }
  return new Theme(engine, assets, versionOf(templates, assets));
}

function versionOf(templates: ThemeFile[], assets: ThemeAssets): string {
  const digest = createHash('sha256').update(assets.version);
  for (const { name, content } of templates.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    digest.update(`${name}\0${content.length}\0`).update(content);
  }
  return digest.digest('base64url').slice(0, 16);
}

function createEngine(templates: ThemeFile[], assets: ThemeAssets): Liquid {
  const engine = new Liquid({
    templates: Object.fromEntries(templates.map((file) => [file.name, file.content.toString('utf8')])),
    extname: '.liquid',
    cache: true,
    outputEscape: 'escape',
    ownPropertyOnly: true,
    strictFilters: true,
    timezoneOffset: 0,
  });
  engine.registerFilter('asset_url', (name: unknown) => assets.address(String(name)));
  return engine;
}

function parse(engine: Liquid, file: ThemeFile): void {
  try {
    engine.parse(file.content.toString('utf8'), file.name);
  } catch (error) {
    if (!LiquidError.is(error)) throw error;
    const [line, column] = error.token.getPosition();
    const reason = error.message.replace(/, file:.*$/s, '');
    throw new OperatorError(
      `theme template ${file.path}, line ${line}, column ${column}: ${reason}; mend it, or remove the file to use the default theme's`,
      { cause: error },
    );
  }
}

const templateReference = /\{%-?\s*(?:layout|render|include)\s+(["'])(.+?)\1/g;
const assetReference = /(["'])([^"'\n]+)\1\s*\|\s*asset_url/g;

/** Names in quotes can be checked before the first reader meets them. */
function checkReferences(file: ThemeFile, files: ThemeFiles): void {
  const text = file.content.toString('utf8');
  const wanted = [
    ...[...text.matchAll(templateReference)].map((match) => ({ match, name: withExtension(match[2] ?? '') })),
    ...[...text.matchAll(assetReference)].map((match) => ({ match, name: `assets/${match[2]}` })),
  ];
  const missing = wanted.find(({ name }) => !files.has(name));
  if (!missing) return;
  const line = text.slice(0, missing.match.index).split('\n').length;
  throw new OperatorError(
    `theme template ${file.path}, line ${line}: there is no ${missing.name} in the theme or in the default theme`,
  );
}

function withExtension(name: string): string {
  return /\.[^/.]+$/.test(name) ? name : `${name}.liquid`;
}
