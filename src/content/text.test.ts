import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findBadText } from './text.ts';

describe('findBadText', () => {
  it('accepts ordinary text of any script, with tabs and line ends', () => {
    expect(findBadText('Grüße,\tmit\r\nZeilen 日本語 👩‍👩‍👧')).toBeNull();
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(findBadText(text.replace(/\p{Cc}/gu, ''))).toBeNull();
      }),
    );
  });

  it('names the control character and where it is', () => {
    expect(findBadText('ab\u0000c')).toBe('has the control character U+0000 at position 2; remove it');
    expect(findBadText('\u001b[31m')).toContain('U+001B at position 0');
    expect(findBadText('\u000b')).toContain('U+000B');
  });

  it('finds lone surrogates at any place', () => {
    expect(findBadText('👍\ud83d')).toContain('lone surrogate) at position 2');
    expect(findBadText('\udc4d👍')).toContain('at position 0');
    expect(findBadText('x\ud83dx')).toContain('at position 1');
  });
});
