/**
 * Paragraphs for text of WordPress' classic editor, which stores blank lines and newlines instead of `<p>` and `<br>`
 * and adds the tags whenever a post is shown.
 */

const tagPattern = /<\/?[a-z][^\s/>]*(?:"[^"]*"|'[^']*'|[^'">])*>/gi;
/** Kept as they are: their white space means something, or nothing to paragraphs. */
const verbatimPattern = /<(pre|script|style|textarea|svg|math|object)\b[\s\S]*?<\/\1\s*>/gi;

const paragraphContexts = new Set(['root', 'blockquote']);
/** May hold paragraphs, but a single line in them is left bare. */
const containers = new Set(
  'div section article aside header footer nav main form fieldset details figure li dd td th'.split(' '),
);
/** Hold other blocks only, so that newlines between those mean nothing. */
const skeletons = new Set('table thead tbody tfoot tr colgroup ul ol dl menu map hgroup'.split(' '));
/** Hold one line of text. */
const lines = new Set('p h1 h2 h3 h4 h5 h6 address dt figcaption caption legend summary center'.split(' '));
/** Stands for what is kept as it is while the rest gets its paragraphs. */
const keptBlock = 'x-kept-block';
const voids = new Set(['hr', 'area', 'col']);

/**
 * Wraps text between blank lines in `<p>` and makes single newlines `<br>`, outside of and inside block elements.
 *
 * @param standalone what to put for a paragraph that is only an address; undefined keeps the text
 * @example addParagraphs('one\n\ntwo\nthree') // '<p>one</p>\n<p>two<br>\nthree</p>'
 */
export function addParagraphs(html: string, standalone: (address: string) => string | undefined): string {
  const verbatim: string[] = [];
  const source = html.replace(/\r\n?/g, '\n').replace(verbatimPattern, (element, name: string) => {
    verbatim.push(element);
    // A private name that cannot be in a post; blocks stand for themselves, the rest flows with the text.
    return `<${name.toLowerCase() === 'pre' ? keptBlock : 'x-kept'} ${verbatim.length - 1}>`;
  });
  const result = new ParagraphWriter(standalone).write(source);
  return result.replace(/<x-kept(?:-block)? (\d+)>/g, (_tag, index: string) => verbatim[Number(index)] ?? '');
}

class ParagraphWriter {
  readonly #standalone: (address: string) => string | undefined;
  #result = '';
  /** Text stands directly between the tags of what holds one line; everything else gets a line of its own. */
  #isTight = true;
  /** Names of the block elements that are open. */
  readonly #open: string[] = ['root'];
  /** Text and inline tags since the last block tag. */
  #run = '';

  constructor(standalone: (address: string) => string | undefined) {
    this.#standalone = standalone;
  }

  write(source: string): string {
    let at = 0;
    for (const match of source.matchAll(tagPattern)) {
      this.#run += source.slice(at, match.index);
      at = match.index + match[0].length;
      this.#tag(match[0]);
    }
    this.#run += source.slice(at);
    this.#flush();
    return this.#result;
  }

  #tag(tag: string): void {
    const name = /^<\/?([a-z][^\s/>]*)/i.exec(tag)?.[1]?.toLowerCase() ?? '';
    if (!isBlock(name)) {
      this.#run += tag.replaceAll('\n', ' ');
      return;
    }
    this.#flush();
    const isEnd = tag.startsWith('</');
    this.#add(tag, !isEnd || !this.#isTight);
    this.#isTight = !isEnd && !skeletons.has(name) && !paragraphContexts.has(name);
    if (isEnd) {
      const opened = this.#open.lastIndexOf(name);
      if (opened > 0) this.#open.length = opened;
    } else if (!voids.has(name) && name !== keptBlock && !tag.endsWith('/>')) {
      this.#open.push(name);
    }
  }

  #add(html: string, isOwnLine: boolean): void {
    this.#result += isOwnLine && this.#result !== '' ? `\n${html}` : html;
  }

  #flush(): void {
    const text = this.#run.trim();
    this.#run = '';
    if (text === '') return;
    const context = this.#open.at(-1) ?? 'root';
    const pieces = skeletons.has(context) ? [text] : text.split(/\n[ \t]*(?:\n[ \t]*)+/);
    const wrap = paragraphContexts.has(context) || (containers.has(context) && pieces.length > 1);
    for (const piece of pieces) {
      if (wrap) this.#add(this.#paragraph(piece), true);
      else this.#add(skeletons.has(context) ? piece : withBreaks(piece), !this.#isTight);
    }
    this.#isTight = !wrap;
  }

  #paragraph(text: string): string {
    const player = /^https?:\/\/\S+$/.test(text) && !text.includes('<') ? this.#standalone(text) : undefined;
    return player ?? `<p>${withBreaks(text)}</p>`;
  }
}

function withBreaks(text: string): string {
  return text.replace(/(?:<br\s*\/?>)?[ \t]*\n[ \t]*/gi, '<br>\n');
}

function isBlock(name: string): boolean {
  return (
    name === 'blockquote' ||
    name === keptBlock ||
    containers.has(name) ||
    skeletons.has(name) ||
    lines.has(name) ||
    voids.has(name)
  );
}
