/** What a post's HTML needs so that everybody can use it (WCAG 2.2): names, focus, scopes, and pictures that wait. */
import { type Document, type Element, isTag } from 'domhandler';
import { findOne, innerText } from 'domutils';
import { allElements, classesOf, element, elementsNamed, unwrap, wrap } from './tree.ts';

/** Changes a sanitized tree in place. What an earlier run added is made anew. */
export function finishAccessibility(tree: Document): void {
  dropRepeatedIds(tree);
  finishTables(tree);
  finishImages(tree);
  nameCheckboxes(tree);
  nameFootnotes(tree);
}

function dropRepeatedIds(tree: Document): void {
  const seen = new Set<string>();
  for (const { attribs } of allElements(tree)) {
    const id = attribs['id'];
    if (id === undefined) continue;
    if (seen.has(id)) delete attribs['id'];
    seen.add(id);
  }
}

/** A wide table scrolls in a region of its own, which the keyboard can reach and a screen reader can name. */
function finishTables(tree: Document): void {
  for (const region of elementsNamed(tree, 'section')) {
    if (classesOf(region).includes('table-scroll')) unwrap(region);
  }
  const outermost = elementsNamed(tree, 'table').filter((table) => !isInside(table, 'table'));
  for (const [index, table] of outermost.entries()) {
    const caption = findOne((node) => node.name === 'caption', table.children);
    const words = caption ? innerText(caption).trim().replace(/\s+/g, ' ') : '';
    const label = words ? `Table ${index + 1}: ${words}` : `Table ${index + 1}`;
    wrap(table, element('section', { class: 'table-scroll', tabindex: '0', 'aria-label': label }));
  }
  for (const heading of elementsNamed(tree, 'th')) heading.attribs['scope'] ??= scopeOf(heading);
}

/** A row of headings only names columns; a heading before data names its row. */
function scopeOf(heading: Element): string {
  const row = heading.parent?.children.filter(isTag) ?? [];
  return row.every((cell) => cell.name === 'th') ? 'col' : 'row';
}

function isInside(node: Element, name: string): boolean {
  for (let above = node.parent; above; above = above.parent) {
    if (above.type === 'tag' && above.name === name) return true;
  }
  return false;
}

function finishImages(tree: Document): void {
  for (const { attribs } of elementsNamed(tree, 'img')) {
    attribs['loading'] ??= 'lazy';
    attribs['decoding'] ??= 'async';
  }
}

function nameCheckboxes(tree: Document): void {
  for (const { attribs } of elementsNamed(tree, 'input')) {
    attribs['aria-label'] = 'checked' in attribs ? 'Done' : 'To do';
  }
}

function nameFootnotes(tree: Document): void {
  for (const node of elementsNamed(tree, 'a', 'section')) {
    const classes = classesOf(node);
    if (classes.includes('footnotes')) setRole(node, 'doc-endnotes', 'Footnotes');
    if (classes.includes('footnote-backref')) {
      const place = node.attribs['href']?.split('footnote-ref')[1] ?? '';
      setRole(node, 'doc-backlink', `Back to reference ${place}`.trim());
    }
  }
}

function setRole({ attribs }: Element, role: string, label: string): void {
  attribs['aria-label'] = label;
  attribs['role'] = role;
}
