/** Code blocks: highlighted once, when written, with class names only. */
import { createRequire } from 'node:module';
import { type Document, type Element, isTag, isText } from 'domhandler';
import { appendChild, textContent } from 'domutils';
import type { HLJSApi } from 'highlight.js';
import common from 'highlight.js/lib/common';
import { classesOf, elementsNamed, parseHtml } from './tree.ts';

/** Larger blocks stay plain: they are data or logs, and highlighting would triple the page. */
const longestHighlighted = 100_000;

/** Languages without a grammar of their own whose files look like another's. */
const relatives: Record<string, string[]> = {
  xml: ['vue', 'svelte', 'astro'],
  markdown: ['mdx'],
  json: ['json5', 'jsonl', 'ndjson'],
};

let highlighter: HLJSApi = withRelatives(common);

/** Makes every `pre` reachable by keyboard, since it scrolls, and highlights it where its language is named. */
export function finishCodeBlocks(tree: Document): void {
  for (const block of elementsNamed(tree, 'pre')) {
    block.attribs['tabindex'] = '0';
    const code = onlyCode(block);
    if (!code) continue;
    const language = languageOf(code) ?? languageOf(block);
    if (!language) continue;
    block.attribs['data-language'] = language;
    highlight(code, language);
  }
}

function onlyCode(block: Element): Element | null {
  const [only, ...others] = block.children.filter((child) => !isText(child) || child.data.trim() !== '');
  return only && isTag(only) && only.name === 'code' && others.length === 0 ? only : null;
}

function languageOf(node: Element): string | null {
  for (const name of classesOf(node)) {
    const language = /^lang(?:uage)?-([\w+#.-]{1,40})/.exec(name)?.[1];
    if (language) return language.toLowerCase();
  }
  return null;
}

function highlight(code: Element, language: string): void {
  code.attribs['class'] = `hljs language-${language}`;
  const source = textContent(code);
  // Other elements in the code, such as a mark, are the author's own: highlighting would lose them.
  const isPlain = code.children.every((child) => isText(child) || (isTag(child) && child.name === 'span'));
  if (!isPlain || source.length > longestHighlighted || !knowsLanguage(language)) return;
  const { value } = highlighter.highlight(source, { language, ignoreIllegals: true });
  code.children = [];
  for (const child of [...parseHtml(value).children]) appendChild(code, child);
}

/** The common languages are loaded from the start, the other 150 when the first of them is asked for. */
function knowsLanguage(language: string): boolean {
  if (highlighter.getLanguage(language)) return true;
  if (highlighter === common) {
    const complete: HLJSApi = createRequire(import.meta.url)('highlight.js');
    highlighter = withRelatives(complete);
  }
  return highlighter.getLanguage(language) !== undefined;
}

function withRelatives(api: HLJSApi): HLJSApi {
  for (const [languageName, aliases] of Object.entries(relatives))
    api.registerAliases(aliases, { languageName });
  return api;
}
