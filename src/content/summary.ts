/** What is said about a post besides its HTML: its words, an excerpt, and how long reading takes. */
import { type ChildNode, type Document, type Element, isTag, isText } from 'domhandler';

const wordsPerMinute = 230;
const cjkCharactersPerMinute = 500;
const longestExcerpt = 280;

const blockTags = new Set(
  'address article blockquote br caption dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre section summary table td th tr ul'.split(
    ' ',
  ),
);
/** Elements whose text is about something else than what the post says first. */
const notInExcerpt = new Set('h1 h2 h3 h4 h5 h6 pre table figure figcaption audio video iframe'.split(' '));

/** The text of all elements: one line for each block, white space collapsed, without the numbers of footnotes. */
export function plainText(tree: Document): string {
  return textBlocks(tree.children, (node) => !isFootnoteLink(node)).join('\n');
}

/**
 * The beginning of the post as plain text: its paragraphs, or its lists where it has no paragraph but of addresses.
 * At most 280 UTF-16 units, cut at a word, with an ellipsis where something was cut.
 */
export function makeExcerpt(tree: Document): string {
  const isProse = (node: Element) => !notInExcerpt.has(node.name) && !isFootnotePart(node);
  const isParagraph = (node: Element) => isProse(node) && node.name !== 'ul' && node.name !== 'ol';
  const paragraphs = textBlocks(tree.children, isParagraph);
  const candidates = [
    paragraphs.filter(isMostlyWords),
    textBlocks(tree.children, isProse).filter(isMostlyWords),
    paragraphs,
  ];
  return shorten(candidates.find((blocks) => blocks.length > 0) ?? []);
}

/** Lines such as "Download: https://…" tell nothing of what a post says. */
function isMostlyWords(block: string): boolean {
  return block.replaceAll(/https?:\/\/\S+/g, '').length * 2 > block.length;
}

/** Whole minutes, at least 1. Chinese and Japanese are counted by characters, the rest by words. */
export function readingMinutes(text: string): number {
  const cjk = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0;
  const words =
    text
      .replace(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu, ' ')
      .match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu)?.length ?? 0;
  return Math.max(1, Math.round(words / wordsPerMinute + cjk / cjkCharactersPerMinute));
}

function isFootnoteLink({ attribs }: Element): boolean {
  return /\bfootnote-(?:ref|backref)\b/.test(attribs['class'] ?? '');
}

function isFootnotePart({ attribs }: Element): boolean {
  return /\bfootnote(?:s|-ref)\b/.test(attribs['class'] ?? '');
}

/** Collapsed text of each block that is wanted with all that is around it; blocks without text are left out. */
function textBlocks(nodes: ChildNode[], wants: (node: Element) => boolean): string[] {
  return [...textParts(nodes, wants)]
    .join('')
    .split(blockEnd)
    .map((block) => block.replace(/\s+/g, ' ').trim())
    .filter(Boolean);
}

/** A character that no text has: the parser replaces it. */
const blockEnd = '\u0000';

function* textParts(nodes: ChildNode[], wants: (node: Element) => boolean): Iterable<string> {
  for (const node of nodes) {
    if (isText(node)) yield node.data;
    if (!isTag(node)) continue;
    const edge = blockTags.has(node.name) ? blockEnd : '';
    yield edge;
    if (wants(node)) yield* textParts(node.children, wants);
    yield edge;
  }
}

function shorten(blocks: string[]): string {
  let whole = '';
  for (const block of blocks) {
    whole += whole ? ` ${block}` : block;
    if (whole.length > longestExcerpt) return cutAtWord(whole);
  }
  return whole;
}

function cutAtWord(text: string): string {
  const start = text.slice(0, longestExcerpt - 1);
  const space = text[longestExcerpt - 1] === ' ' ? start.length : start.lastIndexOf(' ');
  // Scripts without spaces are cut between characters, never within a surrogate pair.
  const cut = space > longestExcerpt / 2 ? start.slice(0, space) : start.replace(/[\ud800-\udbff]$/, '');
  return `${cut.replace(/[\s,;:.–—-]+$/u, '')}…`;
}
