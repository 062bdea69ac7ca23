/** Makes a Markdown body of another generator ready for this blog, and tells what will look different. */
import path from 'node:path';
import type { ItemNotes } from '../item-notes.ts';
import { ItemError } from '../report.ts';
import { lineAt } from '../text-file.ts';
import { withoutJsx } from './mdx.ts';

export interface Body {
  text: string;
  /** 1-based line of the file on which `text` begins. */
  line: number;
}

/** Leaves out JSX, turns Jekyll's highlight blocks into fenced code, and reports what else is not Markdown. */
export function convertBody(file: string, body: Body, notes: ItemNotes): string {
  let text = body.text;
  reportRelativeImages(body, notes);
  if (path.extname(file).toLowerCase() === '.mdx') text = convertMdx(body, notes);
  text = fenceHighlights(text);
  reportTemplating({ text: body.text, line: body.line }, notes);
  return text.trim() === '' ? '' : `${text.replace(/^(?:[ \t]*\r?\n)+/, '').trimEnd()}\n`;
}

function convertMdx(body: Body, notes: ItemNotes): string {
  try {
    const { markdown, leftOut } = withoutJsx(body.text);
    for (const { what, line } of leftOut) notes.warn(`left out: ${what}`, body.line + line - 1);
    return markdown;
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
    throw new ItemError(error.message, error.line === undefined ? undefined : body.line + error.line - 1);
  }
}

/** `{% highlight ruby %}` … `{% endhighlight %}` of Jekyll. */
function fenceHighlights(text: string): string {
  return text.replace(
    /^\{%-?\s*highlight\s+([\w+#.-]+)[^%]*%\}[ \t]*\r?\n([\s\S]*?)^\{%-?\s*endhighlight\s*-?%\}/gm,
    (_all, language: string, code: string) => `~~~~${language}\n${code}~~~~`,
  );
}

function reportTemplating(body: Body, notes: ItemNotes): void {
  const found = new Set<string>();
  for (const match of withoutCode(body.text).matchAll(/\{\{[<%]\s*\/?\s*([\w-]+)|\{%-?\s*([\w-]+)/g)) {
    const name = match[1] ?? match[2] ?? '';
    if (found.has(name) || /^(end)?(highlight|raw|comment)$/.test(name)) continue;
    found.add(name);
    const what = match[1] === undefined ? 'Liquid tag' : 'shortcode';
    notes.warn(
      `the ${what} \`${name}\` is kept as it is written`,
      body.line + lineAt(body.text, match.index) - 1,
    );
  }
}

/** Pictures beside the file are not part of the import, so their links lead nowhere. */
function reportRelativeImages(body: Body, notes: ItemNotes): void {
  const images = /!\[[^\]]*\]\(\s*<?([^)\s>]+)|<img\b[^>]*?\bsrc\s*=\s*["']?([^"'\s>]+)/gi;
  for (const match of withoutCode(body.text).matchAll(images)) {
    const address = match[1] ?? match[2] ?? '';
    if (/^(?:[a-z][a-z0-9+.-]*:|\/|#|\{)/i.test(address)) continue;
    notes.warn(
      `the image \`${address}\` is a file beside the post; upload it and change its address`,
      body.line + lineAt(body.text, match.index) - 1,
    );
  }
}

/** Blanks code out, so that offsets stay what they are. */
function withoutCode(text: string): string {
  const blank = (code: string) => code.replace(/[^\n]+/g, (line) => ' '.repeat(line.length));
  return text
    .replace(/^[ \t]*(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^[ \t]*\1[`~]*[ \t]*$|(?![\s\S]))/gm, blank)
    .replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, blank);
}

const heading = /^(?:#[ \t]+(?<atx>[^\n]+?)[ \t]*#*|(?<setext>[^\n]+?)[ \t]*\r?\n=+)[ \t]*(?:\r?\n|$)/;

/** The first heading of the text, as plain words, and the text without it when it opens the text. */
export function splitTitle(text: string): { title: string | undefined; rest: string } {
  const opening = heading.exec(text);
  if (opening)
    return { title: plainText(opening), rest: text.slice(opening[0].length).replace(/^\s*\n/, '') };
  const at = withoutCode(text).search(/^#{1,6}[ \t]+\S/m);
  const later = at === -1 ? null : /^#+[ \t]+(?<atx>[^\n]+?)[ \t]*#*[ \t]*$/m.exec(text.slice(at));
  return { title: later ? plainText(later) : undefined, rest: text };
}

function plainText(match: RegExpExecArray): string | undefined {
  const text = match.groups?.['atx'] ?? match.groups?.['setext'] ?? '';
  const words = text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\{#[\w-]+\}\s*$/, '')
    .replace(/[`*]|(?<!\w)_|_(?!\w)/g, '')
    .trim();
  return words === '' ? undefined : words;
}
