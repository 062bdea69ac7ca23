/** WordPress' shortcodes: `[caption]` and its like become HTML, those of plugins are left out. */

import { escapeHtml } from '../html.ts';
import type { ItemNotes } from '../item-notes.ts';

export interface ShortcodeContext {
  /** Addresses of attachments by their id. */
  attachments: ReadonlyMap<string, string>;
  notes: ItemNotes;
  /** What to put for the address of a page or film that WordPress would embed. */
  embed: (address: string) => string;
}

interface Shortcode {
  name: string;
  attributes: Map<string, string>;
  /** What stands without a name, such as the address in `[audio https://…]`. */
  values: string[];
  inner: string | undefined;
}

/** Code and tags, which are passed over; `[[name]]`, which shows the shortcode itself; `[name attributes]`. */
const pattern =
  /<(pre|code|script|style)\b[\s\S]*?<\/\1>|<[a-z/][^>]*>|\[(\[[a-z][^[\]]*\])\]|\[([a-z][\w-]*)(\s[^\]]*?)?(\s*\/)?\]/gi;

/** Replaces the shortcodes of a post; each kind that is left out is told once. */
export function replaceShortcodes(html: string, context: ShortcodeContext): string {
  const closed = new Set(Array.from(html.matchAll(/\[\/([a-z][\w-]*)\]/gi), ([, name = '']) => name));
  let result = '';
  let at = 0;
  for (const match of html.matchAll(pattern)) {
    const [whole, , shown, name] = match;
    // What stands inside of a shortcode was handled with it.
    if (match.index < at || (shown ?? name) === undefined) continue;
    result += html.slice(at, match.index);
    at = match.index + whole.length;
    if (name === undefined) {
      result += shown;
      continue;
    }
    const inner = closed.has(name) && match[5] === undefined ? textUpTo(html, `[/${name}]`, at) : undefined;
    const code = { name: name.toLowerCase(), ...parseAttributes(match[4] ?? ''), inner };
    if (inner !== undefined) at += inner.length + name.length + 3;
    result += replacementOf(code, context) ?? whole;
  }
  return result + html.slice(at);
}

function textUpTo(html: string, end: string, from: number): string | undefined {
  const at = html.indexOf(end, from);
  return at === -1 ? undefined : html.slice(from, at);
}

/** HTML for it, what is inside one that is left out, or undefined for brackets that are just that. */
function replacementOf(code: Shortcode, context: ShortcodeContext): string | undefined {
  const html = convert(code, context);
  if (html !== undefined) return html;
  if (code.inner === undefined && code.attributes.size === 0) return undefined;
  context.notes.warn(`the shortcode [${code.name}] was left out`);
  return code.inner === undefined ? '' : replaceShortcodes(code.inner, context);
}

function parseAttributes(source: string): Pick<Shortcode, 'attributes' | 'values'> {
  const attributes = new Map<string, string>();
  const values: string[] = [];
  const parts = /([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s'"]+))|"([^"]*)"|(\S+)/g;
  for (const [, name, double, single, bare, quoted, word] of source.matchAll(parts)) {
    if (name === undefined) values.push(quoted ?? word ?? '');
    else attributes.set(name.toLowerCase(), double ?? single ?? bare ?? '');
  }
  return { attributes, values };
}

function convert(code: Shortcode, context: ShortcodeContext): string | undefined {
  switch (code.name) {
    case 'caption':
    case 'wp_caption':
      return caption(code);
    case 'gallery':
      return gallery(code, context);
    case 'audio':
    case 'video':
      return media(code, context);
    case 'embed':
      return code.inner === undefined ? undefined : `\n\n${context.embed(code.inner.trim())}\n\n`;
    default:
      return undefined;
  }
}

/** The caption is an attribute in old posts, and what follows the image in newer ones. */
function caption({ attributes, inner = '' }: Shortcode): string {
  const [, image = '', after = ''] =
    /^\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*<\/a>)?)([\s\S]*)$/i.exec(inner) ?? [];
  const text = (attributes.get('caption') ?? (image === '' ? inner : after)).trim();
  const align = attributes.get('align') ?? 'alignnone';
  const figcaption = text === '' ? '' : `<figcaption>${text.replace(/\s*\n\s*/g, ' ')}</figcaption>`;
  return `\n\n<figure class="${escapeHtml(align)}">${image}${figcaption}</figure>\n\n`;
}

/** Without ids a gallery shows whatever was uploaded to the post, which an export does not tell apart. */
function gallery({ attributes }: Shortcode, { attachments, notes }: ShortcodeContext): string {
  const ids = (attributes.get('ids') ?? attributes.get('include') ?? '').split(/[\s,]+/).filter(Boolean);
  const images = ids.map((id) => attachments.get(id)).filter((address) => address !== undefined);
  if (images.length < ids.length || ids.length === 0) {
    notes.warn(
      ids.length === 0
        ? 'a [gallery] of what was uploaded to the post was left out'
        : `${ids.length - images.length} images of a [gallery] are not in the export`,
    );
  }
  if (images.length === 0) return '';
  return `\n\n<figure>${images.map((address) => `<img src="${escapeHtml(address)}" alt="">`).join('')}</figure>\n\n`;
}

function media({ name, attributes, values }: Shortcode, { notes }: ShortcodeContext): string {
  const named = ['src', 'mp3', 'm4a', 'ogg', 'wav', 'mp4', 'm4v', 'webm', 'ogv'].map((key) =>
    attributes.get(key),
  );
  const address = [...named, ...values].find((value) => value !== undefined && /^(https?:)?\/\//.test(value));
  if (address === undefined) {
    notes.warn(`an [${name}] without an address was left out`);
    return '';
  }
  const source = escapeHtml(address);
  return `\n\n<figure><${name} controls src="${source}"></${name}><figcaption><a href="${source}">${source}</a></figcaption></figure>\n\n`;
}
