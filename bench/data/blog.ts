/**
 * A made-up blog with the proportions of a real one. The sizes are those of 1,018 posts of a large project's blog
 * (words, in steps of a tenth), divided by ten so that a million of them fit on a disk; tags and authors follow Zipf's
 * law, as there, where the first of 84 authors wrote 15 % of the posts.
 */
import type { NamedRef, Post } from '../../src/blog/posts/post.ts';
import type { PostStatus } from '../../src/blog/posts/schemas.ts';
import { fromQuantiles, Random, Zipf } from './random.ts';
import { type Paragraph, Prose } from './text.ts';

const wordQuantiles = [43, 341, 466, 683, 838, 1035, 1498, 2728, 3712, 5389, 14_000].map(
  (words) => words / 10,
);
const titleQuantiles = [2, 3, 4, 4, 5, 5, 6, 7, 8, 10, 16];
const tagCount = 2000;
const authorCount = 84;
const wordsPerMinute = 230;
const firstInstant = Date.UTC(2012, 0, 1);
const millisecondsBetween = 400_000;

export interface Named extends NamedRef {
  id: string;
}

export interface GeneratedPost {
  post: Post;
  author: Named;
  tags: Named[];
  /** The words of the content, without markup. */
  text: string;
}

export class GeneratedBlog {
  readonly authors: readonly Named[];
  readonly tags: readonly Named[];
  readonly #random: Random;
  readonly #prose: Prose;
  readonly #authorRanks: Zipf;
  readonly #tagRanks: Zipf;

  constructor(seed = 1) {
    this.#random = new Random(seed);
    this.#prose = new Prose(this.#random);
    this.authors = this.#names('author', authorCount, 2);
    this.tags = this.#names('tag', tagCount, 1);
    this.#authorRanks = new Zipf(this.#random, authorCount);
    this.#tagRanks = new Zipf(this.#random, tagCount);
  }

  /** The word of a rank in the texts: 0 is in nearly every post. */
  word(rank: number): string {
    return this.#prose.word(rank);
  }

  /** @param number counts the blog's posts, from 0; it is also in the title, the slug and the text, for finding one. */
  post(number: number): GeneratedPost {
    const paragraphs = this.#paragraphs();
    const title = `${this.#prose.title(Math.round(fromQuantiles(this.#random, titleQuantiles)))} ${number}`;
    const author = at(this.authors, this.#authorRanks.next());
    const tags = this.#someTags();
    const status = this.#status();
    const created = firstInstant + number * millisecondsBetween;
    const createdAt = new Date(created).toISOString();
    const publishedAt = status === 'scheduled' ? '2099-01-01T00:00:00.000Z' : createdAt;
    const closing = `Number ${numberWord(number)}.`;
    const content = `${paragraphs.map(({ text }) => text).join('\n\n')}\n\n${closing}`;
    const words = paragraphs.reduce((sum, paragraph) => sum + paragraph.words, 2);
    const post: Post = {
      id: this.#id(created),
      type: this.#random.below(1000) === 0 ? 'page' : 'post',
      status,
      slug: title.toLowerCase().replaceAll(' ', '-'),
      title,
      excerpt: content.slice(0, 280).replaceAll('\n', ' ').trim(),
      excerptIsCustom: false,
      format: 'markdown',
      content,
      html: `${paragraphs.map(({ text }) => `<p>${text}</p>\n`).join('')}<p>${closing}</p>\n`,
      tags: tags.map(refOf),
      author: refOf(author),
      featureImage: null,
      canonicalUrl: null,
      metaTitle: null,
      metaDescription: null,
      readingMinutes: Math.max(1, Math.round(words / wordsPerMinute)),
      version: 1,
      publishedAt: status === 'draft' ? null : publishedAt,
      createdAt,
      updatedAt: createdAt,
    };
    return { post, author, tags, text: content };
  }

  #paragraphs(): Paragraph[] {
    const wanted = fromQuantiles(this.#random, wordQuantiles);
    const paragraphs: Paragraph[] = [];
    for (let words = 0; words < wanted; ) {
      const paragraph = this.#prose.paragraph();
      paragraphs.push(paragraph);
      words += paragraph.words;
    }
    return paragraphs;
  }

  #someTags(): Named[] {
    const ranks = new Set(Array.from({ length: this.#random.below(6) }, () => this.#tagRanks.next()));
    return [...ranks].map((rank) => at(this.tags, rank));
  }

  #status(): PostStatus {
    const drawn = this.#random.below(100);
    if (drawn < 4) return 'draft';
    return drawn === 4 ? 'scheduled' : 'published';
  }

  #names(kind: string, count: number, words: number): Named[] {
    return Array.from({ length: count }, (_, number) => ({
      id: this.#id(firstInstant),
      slug: `${kind}-${number + 1}`,
      name: this.#prose.title(words),
    }));
  }

  /** UUIDv7 (RFC 9562) of an instant. */
  #id(milliseconds: number): string {
    const time = milliseconds.toString(16).padStart(12, '0');
    const bits = () => this.#random.below(0x1000000).toString(16).padStart(6, '0');
    const [first, second, third] = [bits(), bits(), bits()];
    const variant = '89ab'.charAt(this.#random.below(4));
    return `${time.slice(0, 8)}-${time.slice(8)}-7${first.slice(0, 3)}-${variant}${first.slice(3)}-${second}${third}`;
  }
}

/** One word that only this post has. */
export function numberWord(number: number): string {
  return `n${number}`;
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error('ranks are drawn within the list');
  return item;
}

function refOf({ slug, name }: Named): NamedRef {
  return { slug, name };
}
