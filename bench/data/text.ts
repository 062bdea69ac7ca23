/** Made-up prose: words as frequent as words of a language are (Zipf's law), joined to sentences and paragraphs. */
import { type Random, Zipf } from './random.ts';

const consonants = ['b', 'c', 'd', 'f', 'g', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'st', 'tr'];
const vowels = ['a', 'e', 'i', 'o', 'u', 'ea'];
const vocabularySize = 30_000;
const poolSize = 4000;

export interface Paragraph {
  text: string;
  words: number;
}

export class Prose {
  readonly #random: Random;
  readonly #words: string[];
  readonly #ranks: Zipf;
  readonly #pool: Paragraph[];

  constructor(random: Random) {
    this.#random = random;
    this.#words = vocabulary(random);
    this.#ranks = new Zipf(random, vocabularySize);
    // Drawing each word of each post would take longer than storing it; posts share paragraphs instead.
    this.#pool = Array.from({ length: poolSize }, () => this.#compose());
  }

  /** The word of a rank; 0 is the most frequent. */
  word(rank: number): string {
    return this.#words[rank] ?? '';
  }

  paragraph(): Paragraph {
    const paragraph = this.#pool[this.#random.below(poolSize)];
    if (!paragraph) throw new Error('the pool has as many paragraphs as are drawn from');
    return paragraph;
  }

  /** A few words that begin with a capital. */
  title(words: number): string {
    return capitalized(Array.from({ length: words }, () => this.#draw()).join(' '));
  }

  #compose(): Paragraph {
    const sentences = Array.from({ length: 1 + this.#random.below(4) }, () =>
      Array.from({ length: 6 + this.#random.below(16) }, () => this.#draw()),
    );
    return {
      text: sentences.map((words) => `${capitalized(words.join(' '))}.`).join(' '),
      words: sentences.reduce((sum, words) => sum + words.length, 0),
    };
  }

  #draw(): string {
    return this.word(this.#ranks.next());
  }
}

/** Frequent words are short, as in every language. */
function vocabulary(random: Random): string[] {
  const words = new Set<string>();
  while (words.size < vocabularySize) {
    const syllables = 1 + Math.floor(Math.log10(words.size + 1) / 1.5) + random.below(2);
    let word = '';
    for (let syllable = 0; syllable < syllables; syllable++) {
      word += `${consonants[random.below(consonants.length)]}${vowels[random.below(vowels.length)]}`;
    }
    words.add(random.below(4) === 0 ? `${word}n` : word);
  }
  return [...words];
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
