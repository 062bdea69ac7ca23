/** Takes what is not Markdown out of MDX: imports, exports, expressions and components. */
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import {
  type MdxFlowExpression,
  type MdxJsxFlowElement,
  type MdxJsxTextElement,
  type MdxTextExpression,
  mdxFromMarkdown,
} from 'mdast-util-mdx';
import { mdxjs } from 'micromark-extension-mdxjs';
import { ItemError } from '../report.ts';

type JsxElement = MdxJsxFlowElement | MdxJsxTextElement;

interface Edit {
  start: number;
  end: number;
  text: string;
}

/** What was left out, and on which line of `source` (1-based). */
export interface LeftOut {
  what: string;
  line: number;
}

export interface PlainMarkdown {
  markdown: string;
  leftOut: LeftOut[];
}

/**
 * Leaves out ESM, expressions and the tags of components; what stands between a component's tags is kept,
 * and so are code and plain HTML elements.
 *
 * @throws ItemError with the line, when the source is not MDX
 */
export function withoutJsx(source: string): PlainMarkdown {
  const remover = new JsxRemover(source);
  remover.visit(parse(source), false);
  return { markdown: remover.apply(), leftOut: remover.leftOut };
}

function parse(source: string): Nodes {
  try {
    return fromMarkdown(source, { extensions: [mdxjs()], mdastExtensions: [mdxFromMarkdown()] });
  } catch (error) {
    const { line, reason } = problemOf(error);
    throw new ItemError(`not valid MDX: ${reason}`, line);
  }
}

/** The parser throws a message with its place, see vfile-message. */
function problemOf(error: unknown): { line: number | undefined; reason: string } {
  if (!(error instanceof Error)) return { line: undefined, reason: String(error) };
  const place = 'place' in error ? error.place : undefined;
  const point = isObject(place) && 'start' in place ? place.start : place;
  const line = isObject(point) && 'line' in point && typeof point.line === 'number' ? point.line : undefined;
  const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
  // Some messages name the place in their text alone.
  const named = /\s*\((\d+):\d+(?:-\d+:\d+)?\)/.exec(reason);
  return {
    line: line ?? (named ? Number(named[1]) : undefined),
    reason: reason.replace(named?.[0] ?? '', ''),
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

class JsxRemover {
  readonly leftOut: LeftOut[] = [];
  readonly #source: string;
  readonly #edits = new Map<number, Edit>();

  constructor(source: string) {
    this.#source = source;
  }

  visit(node: Nodes, insideComponent: boolean): void {
    if (node.type === 'mdxjsEsm') {
      this.#remove(node, node.value.startsWith('export') ? 'an export' : 'an import');
    } else if (node.type === 'mdxFlowExpression' || node.type === 'mdxTextExpression') {
      this.#removeExpression(node);
    } else if (node.type === 'mdxJsxFlowElement' || node.type === 'mdxJsxTextElement') {
      if (isComponent(node)) this.#unwrap(node);
      else this.#tidy(node, insideComponent);
    } else {
      if (insideComponent) this.#dedent(node);
      if ('children' in node) for (const child of node.children) this.visit(child, false);
    }
  }

  apply(): string {
    let result = '';
    let at = 0;
    for (const edit of [...this.#edits.values()].sort((a, b) => a.start - b.start)) {
      if (edit.start < at) continue;
      result += this.#source.slice(at, edit.start) + edit.text;
      at = edit.end;
    }
    return result + this.#source.slice(at);
  }

  #remove(node: Nodes, what: string): void {
    this.leftOut.push({ what, line: node.position?.start.line ?? 1 });
    this.#cut(node, '');
  }

  #removeExpression(node: MdxFlowExpression | MdxTextExpression): void {
    // A comment, or the space that JSX needs written out, is nothing that a reader would miss.
    if (/^\s*(\/\*[\s\S]*\*\/)?\s*$/.test(node.value)) this.#cut(node, '');
    else if (/^\s*(['"`])\s\1\s*$/.test(node.value)) this.#cut(node, ' ');
    else this.#remove(node, `the expression {${shorten(node.value)}}`);
  }

  #cut(node: Nodes, text: string): void {
    this.#edit(startOf(node), endOf(node), text);
  }

  #edit(start: number, end: number, text: string): void {
    this.#edits.set(start, { start, end, text });
  }

  #unwrap(node: JsxElement): void {
    if (node.name !== null) {
      this.leftOut.push({ what: `the component <${node.name}>`, line: node.position?.start.line ?? 1 });
    }
    const [first, last] = [node.children[0], node.children.at(-1)];
    if (!first || !last) {
      this.#cut(node, '');
      return;
    }
    const isFlow = node.type === 'mdxJsxFlowElement';
    this.#edit(startOf(node), isFlow ? lineStart(this.#source, startOf(first)) : startOf(first), '');
    for (const child of node.children) this.visit(child, isFlow);
    this.#edit(endOf(last), endOf(node), isFlow ? '\n' : '');
  }

  /** A plain element stays, without the attributes that only JSX understands. */
  #tidy(node: JsxElement, insideComponent: boolean): void {
    if (insideComponent) this.#dedent(node);
    if (node.attributes.some((attribute) => !isPlainAttribute(attribute))) {
      const open = `<${node.name}${node.attributes.filter(isPlainAttribute).map(htmlAttribute).join('')}>`;
      const [first] = node.children;
      const gap = first
        ? (/\s*$/.exec(this.#source.slice(startOf(node), startOf(first)))?.[0] ?? '')
        : `</${node.name}>`;
      this.#edit(startOf(node), first ? startOf(first) : endOf(node), open + gap);
    }
    for (const child of node.children) this.visit(child, false);
  }

  /** Inside a component lines may be indented as deep as one likes; in Markdown four spaces would make them code. */
  #dedent(node: Nodes): void {
    const indent = (node.position?.start.column ?? 1) - 1;
    let at = lineStart(this.#source, startOf(node));
    while (indent > 0 && at !== -1 && at < endOf(node)) {
      const spaces = /^[ \t]*/.exec(this.#source.slice(at, at + indent))?.[0].length ?? 0;
      if (spaces > 0) this.#edit(at, at + spaces, '');
      const next = this.#source.indexOf('\n', at);
      at = next === -1 ? -1 : next + 1;
    }
  }
}

type Attribute = JsxElement['attributes'][number];

function isPlainAttribute(attribute: Attribute): boolean {
  return (
    attribute.type === 'mdxJsxAttribute' &&
    typeof attribute.value !== 'object' &&
    attribute.name !== 'className'
  );
}

function htmlAttribute(attribute: Attribute): string {
  if (attribute.type !== 'mdxJsxAttribute' || typeof attribute.value === 'object') return '';
  if (attribute.value === undefined) return ` ${attribute.name}`;
  return ` ${attribute.name}="${attribute.value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;
}

/** As JSX tells them apart: a fragment, a capital letter, or a member of something. */
function isComponent(node: JsxElement): boolean {
  return node.name === null || /^[A-Z]|\./.test(node.name);
}

function startOf(node: Nodes): number {
  return node.position?.start.offset ?? 0;
}

function endOf(node: Nodes): number {
  return node.position?.end.offset ?? 0;
}

function lineStart(source: string, offset: number): number {
  return source.lastIndexOf('\n', offset - 1) + 1;
}

function shorten(code: string): string {
  const line = code.trim().replace(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}
