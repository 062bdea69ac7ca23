/** HTML of a lexical document, the format of Ghost 5 and later. */
import { escapeHtml } from '../html.ts';
import { cardHtml } from './cards.ts';
import { isRecord } from './site.ts';

/** Bits of a text node's `format`, see lexical's TextNode. */
const marks: [bit: number, tag: string][] = [
  [16, 'code'],
  [1, 'strong'],
  [2, 'em'],
  [4, 's'],
  [8, 'u'],
  [32, 'sub'],
  [64, 'sup'],
  [128, 'mark'],
];

const blocks: Record<string, string> = {
  paragraph: 'p',
  quote: 'blockquote',
  'extended-quote': 'blockquote',
  aside: 'blockquote',
  listitem: 'li',
};

/** Nesting that no person makes; a deeper document would exhaust the stack. */
const maxDepth = 200;

/** @param onUnknown called with the type of a node that has no HTML here; it is left out */
export function lexicalToHtml(document: unknown, onUnknown: (type: string) => void): string {
  const root = isRecord(document) ? document['root'] : undefined;
  return nodeToHtml(root, onUnknown, 0);
}

function nodeToHtml(node: unknown, onUnknown: (type: string) => void, depth: number): string {
  if (!isRecord(node) || depth > maxDepth) return '';
  const type = typeof node['type'] === 'string' ? node['type'] : '';
  const children: unknown[] = Array.isArray(node['children']) ? node['children'] : [];
  const inner = () => children.map((child) => nodeToHtml(child, onUnknown, depth + 1)).join('');
  switch (type) {
    case 'root':
      return children.map((child) => nodeToHtml(child, onUnknown, depth + 1)).join('\n');
    case 'text':
    case 'extended-text':
      return textHtml(node);
    case 'linebreak':
      return '<br>';
    case 'tab':
      return ' ';
    case 'link':
    case 'autolink':
      return `<a href="${escapeHtml(String(node['url'] ?? ''))}">${inner()}</a>`;
    case 'heading':
    case 'extended-heading':
      return heading(node, inner());
    case 'list':
      return node['listType'] === 'number' ? `<ol>${inner()}</ol>` : `<ul>${inner()}</ul>`;
    default:
      return blockOrCard(type, node, inner, onUnknown);
  }
}

function blockOrCard(
  type: string,
  node: Record<string, unknown>,
  inner: () => string,
  onUnknown: (type: string) => void,
): string {
  const tag = blocks[type];
  if (tag !== undefined) return `<${tag}>${inner()}</${tag}>`;
  const card = cardHtml(type, node);
  if (card === undefined) onUnknown(type);
  return card ?? inner();
}

function heading(node: Record<string, unknown>, inner: string): string {
  const tag = /^h[1-6]$/.test(String(node['tag'])) ? String(node['tag']) : 'h2';
  return `<${tag}>${inner}</${tag}>`;
}

function textHtml(node: Record<string, unknown>): string {
  const format = typeof node['format'] === 'number' ? node['format'] : 0;
  const text = escapeHtml(typeof node['text'] === 'string' ? node['text'] : '');
  return marks.reduce((html, [bit, tag]) => ((format & bit) === 0 ? html : `<${tag}>${html}</${tag}>`), text);
}
