/** No text makes HTML that runs, leaves its place, or looks different when it is sanitized again. */
import { type ChildNode, type Element, isTag } from 'domhandler';
import { existsOne, findAll, findOne } from 'domutils';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowedTags } from './allowlist.ts';
import { frameOrigins } from './embeds.ts';
import attacks from './fixtures/attacks.json' with { type: 'json' };
import { sanitizeToTree } from './sanitize.ts';
import { serializeHtml } from './serialize.ts';
import { parseHtml } from './tree.ts';
import { renderContent } from './worker.ts';

const formats = ['markdown', 'html'] as const;
const urlAttributes = ['href', 'src', 'srcset', 'poster', 'cite'];
const inertAttributes =
  /^(?:id|class|title|lang|dir|alt|width|height|loading|decoding|sizes|media|type|start|reversed|value|span|colspan|rowspan|scope|abbr|datetime|open|controls|loop|muted|playsinline|preload|kind|srclang|label|default|rel|target|hreflang|checked|disabled|sandbox|allowfullscreen|referrerpolicy|role|tabindex|aria-label|data-language)$/;

/** What is wrong with finished HTML, read as a browser reads it. */
function findDanger(html: string): string[] {
  const elements = findAll(() => true, parseHtml(html).children);
  return elements.flatMap((element) => [
    ...(allowedTags.includes(element.name) ? [] : [`element ${element.name}`]),
    ...Object.entries(element.attribs).flatMap(([name, value]) =>
      findDangerousAttribute(element, name, value),
    ),
  ]);
}

function findDangerousAttribute(element: Element, name: string, value: string): string[] {
  const where = `${element.name} ${name}=${value}`;
  if (name === 'id') return value.startsWith('user-content-') ? [] : [where];
  if (element.name === 'iframe' && name === 'src') {
    return frameOrigins.some((origin) => value.startsWith(`${origin}/`)) ? [] : [where];
  }
  if (urlAttributes.includes(name)) return isSafeAddress(element, value) ? [] : [where];
  return inertAttributes.test(name) ? [] : [where];
}

/** Asks the URL parser, which sees through what hides a scheme. */
function isSafeAddress(element: Element, value: string): boolean {
  const protocol = URL.parse(value.split(/,\s/)[0] ?? '', 'https://blog.example/')?.protocol ?? 'https:';
  if (element.name === 'img' && /^data:image\/(?:png|jpeg|gif|webp|avif);/.test(value)) return true;
  return ['https:', 'http:', 'mailto:', 'tel:'].includes(protocol);
}

/** Whether a page's own elements stay around the content, and what follows it stays behind it. */
function staysInPlace(html: string): boolean {
  const page = parseHtml(
    `<article><div class="post">${html}</div><p id="after">after</p></article>`,
  ).children;
  const post = findOne(({ attribs }) => attribs['class'] === 'post', page);
  const after = findOne(({ attribs }) => attribs['id'] === 'after', page);
  const elementChildren = (node: Element | null | undefined) => (node?.children ?? []).filter(isTag);
  return (
    post !== null &&
    after !== null &&
    page.length === 1 &&
    elementChildren(parentElement(after)).length === 2 &&
    parentElement(after) === parentElement(post) &&
    !existsOne((node) => node === after, post.children)
  );
}

function parentElement(node: ChildNode): Element | null {
  return node.parent?.type === 'tag' ? node.parent : null;
}

function expectSafe(source: string): void {
  for (const format of formats) {
    const { html } = renderContent({ content: source, format });
    expect(findDanger(html), html).toEqual([]);
    expect(html).not.toMatch(/<(?:script|style|svg|math|object|embed|base|meta|link|form)\b/i);
    expect(staysInPlace(html), html).toBe(true);
    expect(renderContent({ content: html, format: 'html' }).html).toBe(html);
    const tree = serializeHtml(sanitizeToTree(source));
    expect(serializeHtml(sanitizeToTree(tree))).toBe(tree);
  }
}

describe('hostile content', () => {
  it.each(attacks)('does nothing: %s', (attack) => {
    expectSafe(attack);
    expectSafe(`text ${attack} text`);
    expectSafe(`<table><tr><td>${attack}</td></tr></table>`);
    expectSafe(`> - **${attack}**`);
    expectSafe(`<a title='${attack}' href="${attack}">x</a>`);
  });

  it('does nothing in any combination', () => {
    const piece = fc.oneof(
      fc.constantFrom(...attacks),
      fc.constantFrom(...'<>"\'`=/ \n&;-![]()*_#|~:'),
      fc
        .tuple(
          fc.constantFrom('<', '</'),
          fc.constantFrom(
            ...allowedTags,
            'svg',
            'math',
            'style',
            'template',
            'form',
            'select',
            'center',
            'font',
            'x-y',
          ),
          fc.constantFrom(
            '>',
            ' ',
            '/>',
            ' id=a>',
            ' class="heading hljs x">',
            ' href=javascript:1>',
            ' src=x>',
            ' on=x>',
          ),
        )
        .map((parts) => parts.join('')),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => expectSafe(pieces.join(''))),
      { numRuns: 1000 },
    );
  });
});
