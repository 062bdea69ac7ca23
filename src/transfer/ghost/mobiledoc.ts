/** HTML of a mobiledoc document (0.3), the format of Ghost 1 to 4. */
import { escapeHtml } from '../html.ts';
import { cardHtml } from './cards.ts';
import { isRecord } from './site.ts';

const plainTags = new Set('p h1 h2 h3 h4 h5 h6 blockquote aside pull-quote'.split(' '));
const markupTags = new Set('b strong i em u s sub sup code a del mark'.split(' '));

interface Parts {
  markups: unknown[];
  atoms: unknown[];
  cards: unknown[];
  onUnknown: (name: string) => void;
}

/** @param onUnknown called with the name of a card or atom that has no HTML here; it is left out */
export function mobiledocToHtml(document: unknown, onUnknown: (name: string) => void): string {
  if (!isRecord(document)) return '';
  const parts: Parts = {
    markups: list(document['markups']),
    atoms: list(document['atoms']),
    cards: list(document['cards']),
    onUnknown,
  };
  return list(document['sections'])
    .map((section) => sectionHtml(list(section), parts))
    .join('\n');
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A section begins with its kind: 1 text, 2 image, 3 list, 10 card. */
function sectionHtml(section: unknown[], parts: Parts): string {
  const [kind, first, second] = section;
  switch (kind) {
    case 1: {
      const tag = plainTags.has(String(first))
        ? String(first).replace(/aside|pull-quote/, 'blockquote')
        : 'p';
      return `<${tag}>${markersHtml(list(second), parts)}</${tag}>`;
    }
    case 2:
      return cardHtml('image', { src: first }) ?? '';
    case 3: {
      const tag = first === 'ol' ? 'ol' : 'ul';
      const items = list(second).map((item) => `<li>${markersHtml(list(item), parts)}</li>`);
      return `<${tag}>${items.join('')}</${tag}>`;
    }
    case 10:
      return cardSection(first, parts);
    default:
      parts.onUnknown(`section ${String(kind)}`);
      return '';
  }
}

function cardSection(index: unknown, { cards, onUnknown }: Parts): string {
  const [name, payload] = list(cards[Number(index)]);
  const html = cardHtml(String(name), isRecord(payload) ? payload : {});
  if (html === undefined) onUnknown(String(name));
  return html ?? '';
}

/** A marker: 0 text or 1 atom, the markups that it opens, how many it closes, and the text or the atom's index. */
function markersHtml(markers: unknown[], parts: Parts): string {
  const open: string[] = [];
  let html = '';
  for (const marker of markers) {
    const [kind, opens, closes, value] = list(marker);
    for (const index of list(opens)) {
      const { tag, start } = markup(parts.markups[Number(index)]);
      open.push(tag);
      html += start;
    }
    html += kind === 1 ? atom(value, parts) : escapeHtml(String(value ?? ''));
    for (let closed = 0; closed < Number(closes); closed += 1) {
      const tag = open.pop();
      if (tag) html += `</${tag}>`;
    }
  }
  return (
    html +
    open
      .reverse()
      .map((tag) => `</${tag}>`)
      .join('')
  );
}

function markup(value: unknown): { tag: string; start: string } {
  const [name, attributes] = list(value);
  const tag = markupTags.has(String(name)) ? String(name) : 'span';
  const pairs = list(attributes);
  const href = tag === 'a' ? pairs[pairs.indexOf('href') + 1] : undefined;
  return { tag, start: href === undefined ? `<${tag}>` : `<a href="${escapeHtml(String(href))}">` };
}

function atom(index: unknown, { atoms, onUnknown }: Parts): string {
  const [name, text] = list(atoms[Number(index)]);
  if (name === 'soft-return') return '<br>';
  onUnknown(String(name));
  return escapeHtml(String(text ?? ''));
}
