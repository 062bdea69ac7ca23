/** Streams a WordPress export (WXR 1.0 to 1.2): RSS with elements of its own, one record at a time. */
import { createReadStream } from 'node:fs';
import { SaxesParser } from 'saxes';
import { OperatorError } from '../../errors.ts';
import { reasonOf } from '../system-error.ts';

/** An element with all that is in it. `text` is its own, without that of its children. */
export interface WxrElement {
  name: string;
  attributes: Record<string, string>;
  text: string;
  children: WxrElement[];
  /** 1-based line of its start tag. */
  line: number;
}

export type WxrRecord =
  | { kind: 'element'; element: WxrElement }
  /** A record that is not well-formed, or that the file breaks off in. */
  | { kind: 'broken'; line: number; item: string; reason: string };

/** What stands below <channel> and is handed on whole. */
const recordNames = new Set(['item', 'wp:author', 'wp:category', 'wp:tag', 'wp:term', 'wp:base_blog_url']);
/** A post has at most 10 million characters; its comments come on top. */
const recordLimit = 50_000_000;

/**
 * Reads `file` in chunks and yields its records in order. Entities that the file defines itself are refused, so none
 * is ever expanded.
 *
 * @throws OperatorError when the file cannot be read or is no WordPress export
 */
export async function* readWxr(file: string): AsyncIterable<WxrRecord> {
  const reader = new WxrReader(file);
  for await (const chunk of decoded(file)) {
    reader.write(chunk);
    yield* reader.take();
  }
  reader.end();
  yield* reader.take();
}

async function* decoded(file: string): AsyncIterable<string> {
  let decoder: TextDecoder | undefined;
  try {
    for await (const chunk of createReadStream(file)) {
      if (!(chunk instanceof Buffer)) continue;
      decoder ??= decoderFor(chunk);
      yield decoder.decode(chunk, { stream: true });
    }
    const rest = decoder?.decode();
    if (rest) yield rest;
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    const reason =
      error instanceof TypeError ? `is not valid ${decoder?.encoding ?? 'text'}` : reasonOf(error);
    throw new OperatorError(`${file} cannot be read: ${reason}.`, { cause: error });
  }
}

/** The encoding that the XML declaration names, UTF-8 otherwise. */
function decoderFor(start: Buffer): TextDecoder {
  const label = /^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([\w-]+)["']/.exec(
    start.toString('latin1', 0, 200),
  );
  try {
    return new TextDecoder(label?.[1] ?? 'utf-8', { fatal: true });
  } catch (error) {
    throw new TypeError(`unknown encoding ${label?.[1]}`, { cause: error });
  }
}

class WxrReader {
  readonly #file: string;
  readonly #parser = new SaxesParser<{ xmlns: false }>({ xmlns: false });
  #records: WxrRecord[] = [];
  /** Open elements of the record at hand, outermost first; empty between records. */
  #open: WxrElement[] = [];
  #startLine = 1;
  #size = 0;
  #problem: { line: number; reason: string } | undefined;
  #hasRoot = false;
  #hasBroken = false;
  #rootClosed = false;

  constructor(file: string) {
    this.#file = file;
    this.#parser.on('doctype', (doctype) => this.#checkDoctype(doctype));
    this.#parser.on('opentagstart', () => {
      this.#startLine = this.#parser.line;
    });
    this.#parser.on('opentag', ({ name, attributes }) => this.#openElement(name, attributes));
    this.#parser.on('closetag', ({ name }) => this.#closeElement(name));
    this.#parser.on('text', (text) => this.#addText(text));
    this.#parser.on('cdata', (text) => this.#addText(text));
    this.#parser.on('error', (error) => this.#fail(error.message.replace(/^[\d:]+ |\.$/g, '')));
  }

  write(chunk: string): void {
    this.#parser.write(chunk);
  }

  end(): void {
    const [record] = this.#open;
    if (record) this.#push('the file ends in the middle of it', record);
    else if (this.#hasRoot && !this.#rootClosed) {
      const line = this.#parser.line;
      this.#records.push({
        kind: 'broken',
        line,
        item: 'end of file',
        reason: 'the file ends before </rss>',
      });
    }
    this.#open = [];
    this.#rootClosed = true;
    this.#parser.close();
  }

  *take(): Iterable<WxrRecord> {
    const records = this.#records;
    this.#records = [];
    yield* records;
  }

  #checkDoctype(doctype: string): void {
    if (!/<!ENTITY/i.test(doctype)) return;
    throw new OperatorError(
      `${this.#file}, line ${this.#parser.line}: defines entities of its own, which WordPress never does and which ` +
        'can make a small file expand without end. Nothing was imported; export the blog from WordPress again.',
    );
  }

  #openElement(name: string, attributes: Record<string, string>): void {
    if (!this.#hasRoot) {
      this.#checkRoot(name, attributes);
      return;
    }
    const element = { name, attributes, text: '', children: [], line: this.#startLine };
    if (name === 'item' && this.#open[0]) this.#push('it is not closed before the next item', this.#open[0]);
    const parent = this.#open.at(-1);
    if (!parent && !recordNames.has(name)) return;
    parent?.children.push(element);
    this.#open.push(element);
  }

  #closeElement(name: string): void {
    if (name === 'rss') this.#rootClosed = true;
    const element = this.#open.at(-1);
    if (element?.name !== name) return;
    this.#open.pop();
    if (this.#open.length > 0) return;
    if (this.#problem) this.#push(this.#problem.reason, element);
    else this.#records.push({ kind: 'element', element });
    this.#size = 0;
  }

  #addText(text: string): void {
    const element = this.#open.at(-1);
    if (!element) return;
    this.#size += text.length;
    if (this.#size <= recordLimit) element.text += text;
    else this.#problem ??= { line: element.line, reason: `it has more than ${recordLimit} characters` };
  }

  /** Lists the record as broken and forgets what is open of it. */
  #push(reason: string, record: WxrElement): void {
    const item = childText(record, 'title') || `<${record.name}>`;
    const line = this.#problem?.line ?? record.line;
    this.#records.push({ kind: 'broken', line, item, reason: this.#problem?.reason ?? reason });
    this.#hasBroken = true;
    this.#open = [];
    this.#size = 0;
    this.#problem = undefined;
  }

  /** The parser goes on after an error, so one broken item does not cost the rest. */
  #fail(reason: string): void {
    if (!this.#hasRoot) throw this.#notAnExport(`line ${this.#parser.line}: ${reason}`);
    const problem = { line: this.#parser.line, reason: `not well-formed XML: ${reason}` };
    if (this.#open.length > 0) this.#problem ??= problem;
    // Tags that don't match are what an unclosed record leaves behind.
    else if (!this.#rootClosed && !this.#hasBroken)
      this.#records.push({ kind: 'broken', item: 'channel', ...problem });
  }

  #checkRoot(name: string, attributes: Record<string, string>): void {
    if (name !== 'rss') throw this.#notAnExport(`its root element is <${name}>, not <rss>`);
    const isExport = Object.values(attributes).some((value) =>
      /^https?:\/\/wordpress\.org\/export\//.test(value),
    );
    if (!isExport) throw this.#notAnExport('it is an RSS feed without what WordPress adds to an export');
    this.#hasRoot = true;
  }

  #notAnExport(reason: string): OperatorError {
    return new OperatorError(
      `${this.#file} is not a WordPress export: ${reason}. Make one under Tools, Export, All content.`,
    );
  }
}

/** Trimmed text of the first child of that name; '' when there is none. */
export function childText(element: WxrElement, name: string): string {
  return element.children.find((child) => child.name === name)?.text.trim() ?? '';
}
