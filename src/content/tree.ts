/** The tree of a post's HTML: parsed as a browser does (parse5), in the shape that domutils works on. */
import { type ChildNode, type Document, Element, Text } from 'domhandler';
import { appendChild, findAll, prepend, removeElement, replaceElement } from 'domutils';
import { html as namespaces, parseFragment } from 'parse5';
import { adapter } from 'parse5-htmlparser2-tree-adapter';

/**
 * Parses a part of a page. Following the standard matters: with any other tree, markup that a browser corrects
 * on its own (an `li` in an `li`) could close elements of the page around it.
 */
export function parseHtml(html: string): Document {
  const context = adapter.createElement('div', namespaces.NS.HTML, []);
  const tree = parseFragment(context, html, { treeAdapter: adapter });
  if (tree.type !== 'root') throw new TypeError('A parsed fragment has a root.');
  return tree;
}

/** Elements with one of the names, in document order. */
export function elementsNamed(tree: Document, ...names: string[]): Element[] {
  return findAll((element) => names.includes(element.name), tree.children);
}

export function allElements(tree: Document): Element[] {
  return findAll(() => true, tree.children);
}

export function element(
  name: string,
  attributes: Record<string, string>,
  children: ChildNode[] = [],
): Element {
  const made = new Element(name, attributes);
  for (const child of children) appendChild(made, child);
  return made;
}

export function text(content: string): Text {
  return new Text(content);
}

/** Puts `wrapper` where `inner` is, and `inner` into it. */
export function wrap(inner: Element, wrapper: Element): void {
  replaceElement(inner, wrapper);
  appendChild(wrapper, inner);
}

/** Replaces an element by its children. */
export function unwrap(outer: Element): void {
  for (const child of [...outer.children]) prepend(outer, child);
  removeElement(outer);
}

export function classesOf(node: Element): string[] {
  return (node.attribs['class'] ?? '').split(/\s+/).filter(Boolean);
}
