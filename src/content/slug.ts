/**
 * Slugs: the part of an address that names a post, tag or author.
 *
 * Latin text loses its diacritics, so that addresses stay readable wherever they are copied; every other
 * script is kept, since browsers show it as it is and a transliteration reads like nothing in any language.
 */

/** Longest slug that is made from a title, in code points. */
const longestMade = 100;
/** Longest slug that a user may wish for, in UTF-16 units. */
const longestWished = 200;

/** Latin letters whose stroke or ligature Unicode does not decompose. */
const latinLetters: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ŋ: 'ng',
  ŧ: 't',
};
const latinLetterPattern = new RegExp(`[${Object.keys(latinLetters).join('')}]`, 'g');

/**
 * Makes a slug from any text: lower case, words joined by hyphens, at most about 100 characters, cut at a word.
 * Returns '' when the text has no letter or digit. What it returns passes {@link isSlug}.
 *
 * @example slugify('Crème Brûlée & Co.') // 'creme-brulee-co'
 * @example slugify('日本語のブログ') // '日本語のブログ'
 */
export function slugify(text: string): string {
  // Invisible characters and apostrophes stand inside of words: "don't" is one word. They go before the diacritics do,
  // since one of them may stand between a letter and its mark.
  const visible = foldCase(text.toWellFormed()).replace(/[\p{Cf}'’ʼ]/gu, '');
  const plain = stripLatinDiacritics(visible);
  const words = plain.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu) ?? [];
  return joinWords(words);
}

/** Compatibility forms (full width, ligatures) become plain letters. Lower-casing may leave new ones, hence twice. */
function foldCase(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC').toLowerCase();
}

function stripLatinDiacritics(text: string): string {
  return text
    .normalize('NFD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .replace(latinLetterPattern, (letter) => latinLetters[letter] ?? letter)
    .normalize('NFC');
}

function joinWords(words: string[]): string {
  let slug = '';
  let length = 0;
  for (const word of words) {
    const points = Array.from(word);
    if (slug === '') {
      slug = points.slice(0, longestMade).join('');
      length = Math.min(points.length, longestMade);
      continue;
    }
    if (length + 1 + points.length > longestMade) break;
    slug += `-${word}`;
    length += 1 + points.length;
  }
  return slug;
}

/** Letters, marks and digits of any script, and what RFC 3986 leaves unreserved; begins and ends with a word. */
const slugPattern = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}\-._~]*[\p{L}\p{N}\p{M}])?$/u;

/**
 * Whether a wished slug can be one: a single path segment of lower-case letters, digits, `-`, `_`, `.` and `~`
 * in Unicode's NFC, at most 200 UTF-16 units. So no slash, percent sign, space, control, bidirectional or
 * invisible character, and no lone surrogate.
 */
export function isSlug(text: string): boolean {
  return (
    text.length <= longestWished &&
    slugPattern.test(text) &&
    text === text.toLowerCase() &&
    text === text.normalize('NFC')
  );
}
