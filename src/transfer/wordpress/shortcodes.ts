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

/** Code and tags are passed over; then a shortcode, with what is inside when it is closed again. */
const pattern =
  /<(pre|code|script|style)\b[\s\S]*?<\/\1>|<[a-z/][^>]*>|(\[?)\[([a-z][\w-]*)((?:\s[^\]]*?)?)\s*(\/)?\](?:([\s\S]*?)\[\/\3\])?(\]?)/gi;

/** Replaces the shortcodes of a post; each kind that is left out is told once. */
export function replaceShortcodes(html: string, context: ShortcodeContext): string {
  const leftOut = new Set<string>();
  const result = html.replace(
    pattern,
    (whole, _code, open = '', name: string | undefined, attributes = '', closed, inner, close = '') => {
      if (name === undefined) return whole;
      // [[name]] shows the shortcode itself.
      if (open === '[' && close === ']') return whole.slice(1, -1);
      const code: Shortcode = { name: name.toLowerCase(), ...parseAttributes(attributes), inner };
      const replaced = convert(code, context);
      if (replaced !== undefined) return open + replaced + close;
      // Brackets around a word are mostly just that.
      if (inner === undefined && code.attributes.size === 0 && closed === undefined) return whole;
      leftOut.add(code.name);
      return open + replaceShortcodes(inner ?? '', context) + close;
    },
  );
  for (const name of leftOut) context.notes.warn(`the shortcode [${name}] was left out`);
  return result;
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
