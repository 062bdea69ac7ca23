/** Takes a Markdown file apart: front matter in YAML, TOML or JSON, and the body. */
import { parse as parseToml, TomlError } from 'smol-toml';
import { LineCounter, parseDocument } from 'yaml';
import { parseJson } from '../json.ts';
import { ItemError } from '../report.ts';
import { lineAt } from '../text-file.ts';

type Language = 'yaml' | 'toml' | 'json';

export interface SplitFile {
  values: Record<string, unknown>;
  /** False when the file has no front matter at all. */
  hasFrontMatter: boolean;
  body: string;
  /** 1-based line of the file on which the body begins. */
  bodyLine: number;
  /** 1-based line on which a top-level key stands; undefined where it cannot be told. */
  lineOf: (key: string) => number | undefined;
}

interface RawFrontMatter {
  language: Language;
  source: string;
  /** Line of the file on which `source` begins. */
  line: number;
  /** Offset of the body in the file. */
  bodyAt: number;
}

/** Enough for anchors that people write by hand; an alias bomb needs millions. */
const maxAliases = 100;
/** How many closing braces at the end of a line are tried as the end of JSON front matter. */
const maxJsonEnds = 200;

/**
 * Splits off and parses the front matter: `---` (YAML, or what is named after it), `+++` (TOML), or a JSON object.
 *
 * @throws ItemError with the line, when the front matter is broken
 */
export function splitFile(text: string): SplitFile {
  const raw = findFrontMatter(text);
  if (raw === null) {
    return { values: {}, hasFrontMatter: false, body: text, bodyLine: 1, lineOf: () => undefined };
  }
  const values = parsers[raw.language](raw) ?? {};
  if (!isTable(values)) {
    throw new ItemError('the front matter is not a list of keys and values', raw.line);
  }
  const body = text.slice(raw.bodyAt);
  return {
    values,
    hasFrontMatter: true,
    body,
    bodyLine: lineAt(text, raw.bodyAt),
    lineOf: (key) => lineOfKey(raw, key),
  };
}

export function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function findFrontMatter(text: string): RawFrontMatter | null {
  if (/^\{\s*(\r?\n|")/.test(text)) return findJson(text);
  const opening = /^(---|\+\+\+)[ \t]*(yaml|toml|json)?[ \t]*\r?\n/.exec(text);
  if (!opening) return null;
  const [fence, marker = '', named] = opening;
  const language = languageOf(marker, named);
  const rest = text.slice(fence.length);
  // A body may begin with a thematic break, which looks the same.
  if (marker === '---' && /^[ \t]*(?:\r?\n|$)/.test(rest) && !/^\s*["'\w-]+\s*:/.test(rest)) return null;
  const closing = (marker === '---' ? /^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/m : /^\+\+\+[ \t]*(?:\r?\n|$)/m).exec(
    rest,
  );
  if (!closing)
    throw new ItemError(`the front matter that begins with \`${marker}\` has no closing \`${marker}\``, 1);
  const bodyAt = fence.length + closing.index + closing[0].length;
  return { language, source: rest.slice(0, closing.index), line: 2, bodyAt };
}

function languageOf(marker: string, named: string | undefined): Language {
  if (named === 'json' || named === 'toml') return named;
  return marker === '+++' ? 'toml' : 'yaml';
}

/** JSON front matter ends with the first line that makes it complete. */
function findJson(text: string): RawFrontMatter {
  let tries = 0;
  for (const end of text.matchAll(/\}[ \t]*(?:\r?\n|$)/g)) {
    tries += 1;
    if (tries > maxJsonEnds) break;
    const bodyAt = end.index + end[0].length;
    const source = text.slice(0, end.index + 1);
    if (isJson(source)) return { language: 'json', source, line: 1, bodyAt };
  }
  const bodyAt = /^\}[ \t]*(?:\r?\n|$)/m.exec(text);
  const end = bodyAt ? bodyAt.index + 1 : text.length;
  return { language: 'json', source: text.slice(0, end), line: 1, bodyAt: end };
}

function isJson(source: string): boolean {
  try {
    JSON.parse(source);
    return true;
  } catch {
    return false;
  }
}

const parsers: Record<Language, (raw: RawFrontMatter) => unknown> = {
  yaml({ source, line }) {
    const lineCounter = new LineCounter();
    const document = parseDocument(source, { lineCounter, prettyErrors: false, stringKeys: true });
    // A tag that is not YAML's own, such as !ruby/object, is only a warning to the parser.
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem) {
      const at = lineCounter.linePos(problem.pos[0]).line;
      throw new ItemError(`the front matter is not valid YAML: ${problem.message}`, line + at - 1);
    }
    try {
      return document.toJS({ maxAliasCount: maxAliases });
    } catch (error) {
      throw new ItemError(`the front matter is not usable YAML: ${messageOf(error)}`, line);
    }
  },
  toml({ source, line }) {
    try {
      return parseToml(source);
    } catch (error) {
      const at = error instanceof TomlError ? error.line : 1;
      const [reason] = messageOf(error)
        .replace(/^Invalid TOML document: /, '')
        .split('\n');
      throw new ItemError(`the front matter is not valid TOML: ${reason}`, line + at - 1);
    }
  },
  json: ({ source, line }) => parseJson(source, 'the front matter', line),
};

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function lineOfKey(raw: RawFrontMatter, key: string): number | undefined {
  const name = key.replace(/[^\w-]/g, '.');
  const match = new RegExp(`^\\s*["']?${name}["']?\\s*[:=]`, 'm').exec(raw.source);
  return match ? raw.line + lineAt(raw.source, match.index + match[0].length - 1) - 1 : undefined;
}
