/** Makes the HTML of a WordPress post stand on its own. */
import { embedHtml } from '../html.ts';
import type { ItemNotes } from '../item-notes.ts';
import { addParagraphs } from './paragraphs.ts';
import { replaceShortcodes } from './shortcodes.ts';

export interface BodyContext {
  attachments: ReadonlyMap<string, string>;
  notes: ItemNotes;
}

const blockComment =
  /<!--\s+(?<end>\/)?wp:(?<name>[a-z][\w-]*(?:\/[a-z][\w-]*)?)\s+(?:\{[\s\S]*?\}\s+)?(?<empty>\/)?-->/g;
const embedBlock = /<div class="wp-block-embed__wrapper">\s*(https?:\/\/[^\s<]+)\s*<\/div>/g;

/** Block comments go, text of the classic editor gets its paragraphs, shortcodes become HTML. */
export function convertBody(content: string, { attachments, notes }: BodyContext): string {
  const html = withoutBlockComments(withoutPages(content, notes), notes, (classic) => {
    const replaced = replaceShortcodes(classic, { attachments, notes, embed });
    return addParagraphs(replaced, embed);
  });
  return html.replace(embedBlock, (_block, address: string) => embed(address)).trim();
}

/** @param address as it stands in HTML */
function embed(address: string): string {
  return embedHtml(address.replace(/&amp;|&#0?38;/g, '&'));
}

function withoutPages(content: string, notes: ItemNotes): string {
  if (/<!--nextpage-->/.test(content)) notes.warn('the pages that it was divided into are now one');
  return content.replace(/[ \t]*<!--(?:nextpage|more\b[^>]*|noteaser)-->[ \t]*/g, '\n\n');
}

/**
 * Drops the comments that delimit blocks. What stands outside of blocks, or in a `freeform` one, was written in the
 * classic editor and goes through `classic`; so do shortcode blocks.
 */
function withoutBlockComments(content: string, notes: ItemNotes, classic: (html: string) => string): string {
  const parts: string[] = [];
  const dynamic = new Set<string>();
  const open: string[] = [];
  let at = 0;
  const add = (html: string) => {
    const isClassic = open.length === 0 || /^(core\/)?(freeform|shortcode)$/.test(open.at(-1) ?? '');
    if (html.trim() !== '') parts.push(isClassic ? classic(html) : html.trim());
  };
  for (const match of content.matchAll(blockComment)) {
    const { end, name = '', empty } = match.groups ?? {};
    add(content.slice(at, match.index));
    at = match.index + match[0].length;
    if (end) open.pop();
    else if (empty) dynamic.add(name);
    else open.push(name);
  }
  add(content.slice(at));
  for (const name of dynamic) {
    notes.warn(`the block "${name}" was left out: WordPress makes it anew whenever the post is shown`);
  }
  return parts.join('\n');
}
