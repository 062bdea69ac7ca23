import fc from 'fast-check';
import { expect, test } from 'vitest';
import { htmlToText } from '../html.ts';
import { addParagraphs } from './paragraphs.ts';

const keep = () => undefined;

test.each([
  ['blank lines part paragraphs', 'one\n\ntwo\n \nthree', '<p>one</p>\n<p>two</p>\n<p>three</p>'],
  ['newlines are breaks', 'one\ntwo<br />\nthree', '<p>one<br>\ntwo<br>\nthree</p>'],
  ['Windows line ends', 'one\r\n\r\ntwo', '<p>one</p>\n<p>two</p>'],
  ['blocks stand alone', 'a\n<h2>b</h2>\nc', '<p>a</p>\n<h2>b</h2>\n<p>c</p>'],
  ['paragraphs stay', '<p class="x">a</p>\n<p>b\nc</p>', '<p class="x">a</p>\n<p>b<br>\nc</p>'],
  ['inline tags flow', '<em>a</em> b\n\n<a href="x">c</a>', '<p><em>a</em> b</p>\n<p><a href="x">c</a></p>'],
  [
    'quotes hold paragraphs',
    '<blockquote>a\n\nb</blockquote>',
    '<blockquote>\n<p>a</p>\n<p>b</p>\n</blockquote>',
  ],
  ['lists', '<ul>\n<li>a</li>\n<li>b\nc</li>\n</ul>', '<ul>\n<li>a</li>\n<li>b<br>\nc</li>\n</ul>'],
  ['a list item of two paragraphs', '<li>a\n\nb</li>', '<li>\n<p>a</p>\n<p>b</p>\n</li>'],
  ['divisions', '<div>a</div>', '<div>a</div>'],
  ['tables', '<table>\n<tr>\n<td>a</td>\n</tr>\n</table>', '<table>\n<tr>\n<td>a</td>\n</tr>\n</table>'],
  [
    'preformatted text',
    'a\n\n<pre>x\n\n<b>y</b>\n</pre>\nb',
    '<p>a</p>\n<pre>x\n\n<b>y</b>\n</pre>\n<p>b</p>',
  ],
  ['rules', 'a\n<hr />\nb', '<p>a</p>\n<hr />\n<p>b</p>'],
  ['tags over several lines', '<a\nhref="x">y</a>', '<p><a href="x">y</a></p>'],
  ['nothing', ' \n\n ', ''],
])('%s', (_name, source, expected) => {
  expect(addParagraphs(source, keep)).toBe(expected);
});

test('an address alone is offered to the player', () => {
  const player = (address: string) => `<x ${address}>`;
  expect(addParagraphs('see\n\nhttps://example.org/v\n\nhttps://example.org/ w', player)).toBe(
    '<p>see</p>\n<x https://example.org/v>\n<p>https://example.org/ w</p>',
  );
});

test('no word is lost or moved, whatever the markup', () => {
  const piece = fc.constantFrom(
    'word',
    ' ',
    '\n',
    '\n\n',
    '<p>',
    '</p>',
    '<div>',
    '</div>',
    '<li>',
    '</li>',
    '<ul>',
    '</ul>',
    '<b>',
    '</b>',
    '<br>',
    '<hr>',
    '<blockquote>',
    '</blockquote>',
    '<pre>',
    '</pre>',
    '<h2>',
    '</h2>',
    '<',
    '>',
    '"',
    "'",
  );
  const words = (html: string) => htmlToText(html).replace(/\s+/g, '');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const source = pieces.join('');
      expect(words(addParagraphs(source, keep))).toBe(words(source));
    }),
    { numRuns: 500 },
  );
});
