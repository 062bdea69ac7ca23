/**
 * HTML out of a tree, by the HTML standard's serialization. Since 2025 that escapes `<` and `>` in attributes too, so
 * that no attribute can become an element when the text is parsed in another context; common serializers don't yet.
 *
 * @see https://html.spec.whatwg.org/multipage/parsing.html#serialising-html-fragments
 */
import { type ChildNode, type Document, type Element, isTag, isText } from 'domhandler';

const voidElements = new Set(['br', 'col', 'hr', 'img', 'input', 'source', 'track', 'wbr']);

/** Writes elements and text; a sanitized tree has nothing else. */
export function serializeHtml(tree: Document): string {
  return serializeAll(tree.children);
}

function serializeAll(nodes: ChildNode[]): string {
  let html = '';
  for (const node of nodes) {
    if (isText(node)) html += escapeText(node.data);
    else if (isTag(node)) html += serializeElement(node);
  }
  return html;
}

function serializeElement({ name, attribs, children }: Element): string {
  let start = `<${name}`;
  for (const [attribute, value] of Object.entries(attribs)) {
    start +=
      value === '' && attribute !== 'alt' ? ` ${attribute}` : ` ${attribute}="${escapeAttribute(value)}"`;
  }
  return voidElements.has(name) ? `${start}>` : `${start}>${serializeAll(children)}</${name}>`;
}

function escapeText(value: string): string {
  return value.replace(/[&<>\u00a0]/g, escapeCharacter);
}

function escapeAttribute(value: string): string {
  return value.replace(/[&<>"\u00a0]/g, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return entities[character] ?? character;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\u00a0': '&nbsp;',
};
