/** Reads a folder of Markdown files, or one file, as posts. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ImportedPost } from '../../blog/posts/post.ts';
import { withoutUndefined } from '../defined.ts';
import type { ItemNotes } from '../item-notes.ts';
import { ItemError } from '../report.ts';
import { type ImportReader, type ReaderEvent, readItem } from '../source.ts';
import { reasonOf } from '../system-error.ts';
import { decodeText } from '../text-file.ts';
import { convertBody, splitTitle } from './body.ts';
import { factsOfPath, isDraft, isPage, readAddresses, readDates, readFeatureImage } from './conventions.ts';
import { isExported, readExported } from './exported.ts';
import { Fields } from './fields.ts';
import { type SplitFile, splitFile } from './front-matter.ts';
import { readAuthor, readTags } from './taxonomy.ts';
import { type FoundFile, findMarkdownFiles } from './walk.ts';

/** No post is as large as this; a log or a dump that was named .md may be. */
const maxFileBytes = 50_000_000;

/**
 * Opens `root` for import.
 *
 * @param now a post dated later is scheduled
 * @throws OperatorError when there is nothing to import at `root`
 */
export async function openMarkdown(root: string, now: Date): Promise<ImportReader> {
  const files = await findMarkdownFiles(root);
  return {
    total: files.length,
    async *events() {
      for (const file of files) yield* readMarkdownFile(file, now);
    },
  };
}

async function* readMarkdownFile(found: FoundFile, now: Date): AsyncIterable<ReaderEvent> {
  const place = { file: found.file, item: found.relative };
  if (found.refused) {
    const { reason, isBroken } = found.refused;
    yield { kind: isBroken ? 'failed' : 'skipped', ...place, reason };
    return;
  }
  yield* readItem(place, async (notes) => {
    const file = splitFile(withUnixLineEnds(decodeText(await readBytes(found.file))));
    const notAPost = whyNotAPost(found.relative, file);
    if (notAPost !== null) return { skipped: notAPost };
    return isExported(file) ? readExported(file) : convert(found.relative, file, now, notes);
  });
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    const bytes = await readFile(file);
    if (bytes.length <= maxFileBytes) return bytes;
  } catch (error) {
    throw new ItemError(`cannot be read: ${reasonOf(error)}`);
  }
  throw new ItemError(`is larger than ${maxFileBytes / 1_000_000} MB`);
}

/** A file whose first line ends as Windows ends lines was saved, or checked out, that way throughout. */
function withUnixLineEnds(text: string): string {
  return /^[^\n]*\r\n/.test(text) ? text.replaceAll('\r\n', '\n') : text;
}

function whyNotAPost(relative: string, file: SplitFile): string | null {
  const name = path.posix.basename(relative).toLowerCase();
  if (/^_index\.\w+$/.test(name)) return 'the front page of a section; lists are made by the blog itself';
  if (file.hasFrontMatter) return null;
  if (/^(readme|license|contributing|changelog|code_of_conduct)\.\w+$/.test(name)) {
    return 'describes the folder and has no front matter';
  }
  return /\.html?$/.test(name) ? 'an HTML file without front matter' : null;
}

function convert(relative: string, file: SplitFile, now: Date, notes: ItemNotes): ImportedPost {
  const fields = new Fields(file);
  const facts = factsOfPath(relative);
  const type: ImportedPost['type'] = isPage(fields, facts) ? 'page' : 'post';
  const dates = readDates(fields, facts, notes);
  const isHtml = /\.html?$/i.test(relative);
  const written = isHtml ? file.body : convertBody(relative, { text: file.body, line: file.bodyLine }, notes);
  const { title, content } = readTitle(fields, facts.name, written);
  if (dates.publishedAt === undefined && type === 'post')
    notes.warn('has no date; that of the import is used');
  const description = fields.text('description');
  return withoutUndefined({
    source: `markdown:${relative}`,
    type,
    status: statusOf(isDraft(fields, facts, now, notes), dates.publishedAt, now),
    title,
    content,
    format: isHtml ? ('html' as const) : ('markdown' as const),
    ...readAddresses(fields, facts, notes),
    ...dates,
    excerpt: fields.text('excerpt', 'summary') ?? description,
    tags: readTags(fields),
    author: readAuthor(fields, notes),
    featureImage: readFeatureImage(fields),
    canonicalUrl: fields.text('canonical', 'canonicalUrl'),
    metaTitle: fields.text('metaTitle', 'seoTitle'),
    metaDescription: fields.text('metaDescription') ?? description,
  });
}

function statusOf(draft: boolean, publishedAt: string | undefined, now: Date): ImportedPost['status'] {
  if (draft) return 'draft';
  return publishedAt !== undefined && publishedAt > now.toISOString() ? 'scheduled' : 'published';
}

/** A heading that opens the text and says the title again is left out: the page shows the title itself. */
function readTitle(
  fields: Fields,
  name: string | undefined,
  text: string,
): { title: string; content: string } {
  const { title: heading, rest } = splitTitle(text);
  const given = fields.text('title');
  const plain = (words: string) =>
    words
      .toLowerCase()
      .replace(/[`*_\s]+/g, ' ')
      .trim();
  if (given !== undefined) {
    return { title: given, content: heading !== undefined && plain(heading) === plain(given) ? rest : text };
  }
  if (heading !== undefined) return { title: heading, content: rest };
  const words = (name ?? 'untitled').replace(/[-_]+/g, ' ').trim();
  return { title: words.charAt(0).toUpperCase() + words.slice(1), content: text };
}
