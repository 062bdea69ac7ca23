/** Headings of a post: below the page's own h1, with an id and a link to themselves. */
import type { Document, Element } from 'domhandler';
import { append, innerText, removeElement } from 'domutils';
import { idPrefix } from './sanitize.ts';
import { allElements, classesOf, element, elementsNamed, unwrap, wrap } from './tree.ts';

const headingNames = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'];

/** Changes the headings of a sanitized tree in place. What an earlier run added is made anew. */
export function finishHeadings(tree: Document): void {
  for (const box of elementsNamed(tree, 'div')) {
    if (classesOf(box).includes('heading')) unwrap(box);
  }
  const headings = elementsNamed(tree, ...headingNames).filter(hasContent);
  makeRoomForTitle(headings);
  const makeUnique = uniqueNames(allElements(tree).map((node) => node.attribs['id'] ?? ''));
  for (const heading of headings) addAnchor(heading, makeUnique);
}

/** An empty heading is a stop without words in a screen reader's list, so it goes. */
function hasContent(heading: Element): boolean {
  const isFilled = labelOf(heading) !== '' || heading.children.some((child) => child.type === 'tag');
  if (!isFilled) removeElement(heading);
  return isFilled;
}

/** The page's h1 is the post's title: when the content has one too, all of its headings go down by one. */
function makeRoomForTitle(headings: Element[]): void {
  if (!headings.some((heading) => heading.name === 'h1')) return;
  for (const heading of headings) {
    heading.name = headingNames[headingNames.indexOf(heading.name) + 1] ?? 'h6';
  }
}

/**
 * The link stands beside the heading and not in it, so that it is no part of the heading's name; it is empty,
 * for the theme to draw, so that feed readers show no stray sign.
 */
function addAnchor(heading: Element, makeUnique: (wished: string) => string): void {
  const label = labelOf(heading);
  const id = heading.attribs['id'] ?? makeUnique(idPrefix + fragmentOf(label));
  heading.attribs['id'] = id;
  const anchor = element('a', {
    class: 'heading-anchor',
    href: `#${id}`,
    'aria-label': label ? `Link to section: ${label}` : 'Link to this section',
  });
  wrap(heading, element('div', { class: 'heading' }));
  append(heading, anchor);
}

function labelOf(heading: Element): string {
  return innerText(heading).replace(/\s+/g, ' ').trim();
}

/** As GitHub makes them: lower case, punctuation left out, a hyphen for each space. */
function fragmentOf(label: string): string {
  const fragment = label
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
  return fragment || 'section';
}

/** Numbers what is taken: `name`, `name-1`, `name-2`. */
function uniqueNames(taken: Iterable<string>): (wished: string) => string {
  const names = new Set(taken);
  const counts = new Map<string, number>();
  return (wished) => {
    let name = wished;
    let count = counts.get(wished) ?? 0;
    while (names.has(name)) name = `${wished}-${++count}`;
    counts.set(wished, count);
    names.add(name);
    return name;
  };
}
