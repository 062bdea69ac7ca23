import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSlug, slugify } from './slug.ts';

/** Any sequence of UTF-16 units, so with lone surrogates too. */
const anyString = fc
  .array(fc.oneof(fc.nat(0xffff), fc.constantFrom(0xd83d, 0xde00, 0x20, 0x41, 0x301, 0x345, 0x130)))
  .map((units) => String.fromCharCode(...units));

describe('slugify', () => {
  it.each([
    ['Crème Brûlée', 'creme-brulee'],
    ['Node v18.19.1 (LTS)', 'node-v18-19-1-lts'],
    ["  What’s new -- and what isn't?  ", 'whats-new-and-what-isnt'],
    ['Straße, Øresund, Đường, Łódź, Þór', 'strasse-oresund-duong-lodz-thor'],
    ['İstanbul ışık', 'istanbul-isik'],
    ['日本語のブログ', '日本語のブログ'],
    ['Ελληνικά Άρθρα', 'ελληνικά-άρθρα'],
    ['हिन्दी लेख', 'हिन्दी-लेख'],
    ['Ｆｕｌｌ ｗｉｄｔｈ ﬁgure', 'full-width-figure'],
    ['co\u00adoperate\u200b', 'cooperate'],
    ['../../etc/passwd', 'etc-passwd'],
    ['🎉🎉', ''],
    ['\ud800', ''],
    ['', ''],
    ['e\u180e\u0301t\u00e9', 'ete'],
    ["e'\u0301", 'e'],
  ])('%j -> %j', (text, slug) => {
    expect(slugify(text)).toBe(slug);
  });

  it('cuts long titles at a word, and a long word by characters', () => {
    expect(slugify('lorem ipsum '.repeat(30))).toBe('lorem-ipsum-'.repeat(8).slice(0, -1));
    expect(Array.from(slugify('字'.repeat(500)))).toHaveLength(100);
  });

  it('is a slug or empty for any string, and stays what it is', () => {
    fc.assert(
      fc.property(fc.oneof(anyString, fc.string({ unit: 'binary', maxLength: 300 })), (text) => {
        const slug = slugify(text);
        expect(slug === '' || isSlug(slug)).toBe(true);
        expect(slugify(slug)).toBe(slug);
        expect(Array.from(slug).length).toBeLessThanOrEqual(100);
      }),
      { numRuns: 2000 },
    );
  });

  it('is idempotent for every character of Unicode', () => {
    for (let point = 0; point <= 0x10ffff; point += 1) {
      const slug = slugify(`a${String.fromCodePoint(point)}b`);
      if (!isSlug(slug) || slugify(slug) !== slug) expect.fail(`U+${point.toString(16)} gives ${slug}`);
    }
  });
});

describe('isSlug', () => {
  it.each(['hello-world', 'v1.0', 'a', '日本語', 'snake_case', 'tilde~x', 'crème'])('accepts %j', (text) => {
    expect(isSlug(text)).toBe(true);
  });

  it.each([
    '',
    '.',
    '..',
    '...',
    '../x',
    'a/b',
    'a\\b',
    'a b',
    'Hello',
    'a%2fb',
    'a?b',
    'a#b',
    '-a',
    'a-',
    '.well-known',
    'a\u0000b',
    'a\u202eb',
    'a\u200bb',
    'a\u00adb',
    '\ud800',
    'a\ud800',
    'cre\u0300me',
    'a'.repeat(201),
  ])('refuses %j', (text) => {
    expect(isSlug(text)).toBe(false);
  });
});
