import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeHeadingGaps } from './prose.ts';

const levelsOf = (html: string) => [...html.matchAll(/<h(\d)/g)].map((match) => Number(match[1]));

describe('closeHeadingGaps', () => {
  it('starts at h2 and keeps the order of levels', () => {
    const html = '<h3 id="a">A</h3><h5>B</h5><h3>C</h3><h1>D</h1>';
    expect(closeHeadingGaps(html)).toBe('<h2 id="a">A</h2><h3>B</h3><h2>C</h2><h2>D</h2>');
  });

  it('leaves text that looks like a heading alone', () => {
    const html = '<pre><code>&lt;h5&gt; is small</code></pre><p title="a > h5">x</p>';
    expect(closeHeadingGaps(html)).toBe(html);
  });

  it('never skips a level, whatever the author wrote', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 6 })), (written) => {
        const html = written.map((level) => `<h${level}>x</h${level}>`).join('');
        const levels = levelsOf(closeHeadingGaps(html));
        expect(levels).toHaveLength(written.length);
        levels.forEach((level, index) => {
          expect(level).toBeGreaterThanOrEqual(2);
          expect(level).toBeLessThanOrEqual((levels[index - 1] ?? 1) + 1);
        });
        expect([...closeHeadingGaps(html).matchAll(/<h(\d)>x<\/h\1>/g)]).toHaveLength(written.length);
      }),
    );
  });
});
