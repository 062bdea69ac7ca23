/** Makes HTML safe by an allowlist, and gives it as the tree that a browser would build from it. */
import type { Document } from 'domhandler';
import sanitizeHtml, { type Attributes, type Tag } from 'sanitize-html';
import {
  allowedAttributes,
  allowedClasses,
  allowedTags,
  attributeValues,
  inlineImage,
  linkRelations,
  renamedTags,
  schemes,
  schemesByTag,
  tagsDroppedWithContent,
} from './allowlist.ts';
import { findPlayer, playerAttributes } from './embeds.ts';
import { allElements, parseHtml } from './tree.ts';

/**
 * Every id of a post begins with this, and so does every link to one. An id is also the name of a property of
 * `window` and `document` (DOM clobbering), and must not be one of the theme's.
 */
export const idPrefix = 'user-content-';

/** Deeper elements lose their tags and keep their text; browsers stop at about 500. */
const deepestNesting = 100;

/**
 * @param html any text at all
 * @returns a tree with only what the allowlist has; sanitizing it again changes nothing
 * @throws RangeError when the tree is far larger than the text
 */
export function sanitizeToTree(html: string): Document {
  const clean = sanitizeHtml(html, options);
  const tree = parseHtml(clean);
  refuseMultiplied(tree, clean);
  return tree;
}

/**
 * Browsers open unclosed formatting again in every block that follows, so a few hundred tags around many blocks grow a
 * hundredfold. No honest text doubles.
 */
function refuseMultiplied(tree: Document, html: string): void {
  const tags = html.split('<').length;
  if (allElements(tree).length > 10_000 + 4 * tags)
    throw new RangeError('Misnested tags multiply the content.');
}

const options: sanitizeHtml.IOptions = {
  allowedTags,
  allowedAttributes,
  allowedClasses,
  allowedSchemes: schemes,
  allowedSchemesByTag: schemesByTag,
  nonTextTags: tagsDroppedWithContent,
  nestingLimit: deepestNesting,
  transformTags: {
    ...Object.fromEntries(Object.entries(renamedTags).map(([from, to]) => [from, renameTag(to)])),
    a: sanitizeLink,
    audio: sanitizeMedia,
    iframe: sanitizeFrame,
    img: sanitizeImage,
    input: sanitizeCheckbox,
    td: sanitizeCell,
    th: sanitizeCell,
    video: sanitizeMedia,
    '*': sanitizeAnyTag,
  },
  exclusiveFilter: ({ tag, attribs }) => isEmptied(tag, attribs) || hasClass(attribs, 'heading-anchor'),
  // An iframe's content is for browsers that know no iframes.
  textFilter: (text, tag) => (tag === 'iframe' ? '' : text),
};

/** An element whose attributes made it what it is, and that lost them: it would show nothing, or a text field. */
function isEmptied(tag: string, attribs: Attributes): boolean {
  if (tag === 'img') return !attribs['src'] && !attribs['srcset'];
  if (tag === 'iframe') return !attribs['src'] && !attribs['href'];
  return tag === 'input' && !attribs['type'];
}

function renameTag(to: string) {
  return (name: string, attribs: Attributes): Tag => ({
    tagName: to,
    attribs: name === 'center' ? addClass(attribs, 'has-text-align-center') : attribs,
  });
}

function sanitizeLink(tagName: string, attribs: Attributes): Tag {
  const { rel, target, name, ...rest } = attribs;
  const relations = new Set(
    (rel ?? '')
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => linkRelations.has(word)),
  );
  if (target === '_blank') {
    relations.add('noopener');
    rest['target'] = target;
  }
  if (relations.size > 0) rest['rel'] = [...relations].join(' ');
  if (name && !rest['id']) rest['id'] = name;
  return { tagName, attribs: rest };
}

function sanitizeMedia(tagName: string, attribs: Attributes): Tag {
  return {
    tagName,
    attribs: { ...attribs, controls: '', preload: attribs['preload'] === 'none' ? 'none' : 'metadata' },
  };
}

function sanitizeFrame(tagName: string, attribs: Attributes): Tag {
  const address = attribs['src']?.trim() ?? '';
  const player = findPlayer(address);
  if (player) return { tagName, attribs: playerAttributes(player, attribs) };
  const url = URL.parse(address.startsWith('//') ? `https:${address}` : address);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return { tagName, attribs: {} };
  return {
    tagName: 'a',
    attribs: { href: url.href },
    text: attribs['title'] || `Embedded page: ${url.hostname}`,
  };
}

function sanitizeImage(tagName: string, attribs: Attributes): Tag {
  const kept: Attributes = { ...attribs, alt: attribs['alt'] ?? attribs['title'] ?? '' };
  if (attribs['src'] !== undefined && !isAllowedImage(attribs['src'])) delete kept['src'];
  if (/data\s*:/i.test(attribs['srcset'] ?? '')) delete kept['srcset'];
  return { tagName, attribs: kept };
}

function isAllowedImage(address: string): boolean {
  // Browsers ignore spaces and control characters in and before a scheme.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed.
  const isData = /^data:/i.test(address.replace(/[\u0000-\u0020]/g, ''));
  return !isData || inlineImage.test(address);
}

function sanitizeCheckbox(tagName: string, attribs: Attributes): Tag {
  if (attribs['type']?.toLowerCase() !== 'checkbox') return { tagName, attribs: {} };
  const { class: classes, checked } = attribs;
  return {
    tagName,
    attribs: {
      type: 'checkbox',
      ...(classes ? { class: classes } : {}),
      ...(checked === undefined ? {} : { checked: '' }),
      disabled: '',
    },
  };
}

/** Alignment is kept as a class, because the policy of the pages forbids styles and the attribute is obsolete. */
function sanitizeCell(tagName: string, attribs: Attributes): Tag {
  const wished = attribs['align'] ?? /text-align:\s*(\w+)/.exec(attribs['style'] ?? '')?.[1];
  const alignment = /^(?:left|center|right)$/i.exec(wished ?? '')?.[0].toLowerCase();
  return { tagName, attribs: alignment ? addClass(attribs, `has-text-align-${alignment}`) : attribs };
}

function sanitizeAnyTag(tagName: string, attribs: Attributes): Tag {
  const kept = Object.entries(attribs)
    .filter(([name, value]) => attributeValues.get(name)?.test(value) ?? true)
    .map(([name, value]) => [name, prefixFragment(name, value)] as const);
  return { tagName, attribs: Object.fromEntries(kept) };
}

/** Ids get the prefix, and so do links to them, which are `#name`. */
function prefixFragment(name: string, value: string): string {
  if (name === 'id') return prefixed(value);
  return name === 'href' && /^#./.test(value) ? `#${prefixed(value.slice(1))}` : value;
}

function prefixed(name: string): string {
  return name.startsWith(idPrefix) ? name : idPrefix + name;
}

function addClass(attribs: Attributes, name: string): Attributes {
  return { ...attribs, class: attribs['class'] ? `${attribs['class']} ${name}` : name };
}

function hasClass(attribs: Attributes, name: string): boolean {
  return (attribs['class'] ?? '').split(/\s+/).includes(name);
}
