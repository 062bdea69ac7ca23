import { describe, expect, it } from 'vitest';
import { absoluteAddresses } from './absolute.ts';

const base = 'https://blog.example/hello/';

describe('absoluteAddresses', () => {
  it.each([
    ['<a href="/x?a=1&amp;b=2">x</a>', '<a href="https://blog.example/x?a=1&amp;b=2">x</a>'],
    ['<a href="#note">x</a>', '<a href="https://blog.example/hello/#note">x</a>'],
    ['<img src="pic.png" alt="">', '<img src="https://blog.example/hello/pic.png" alt="">'],
    ['<a href="mailto:a@b.example">x</a>', '<a href="mailto:a@b.example">x</a>'],
    ['<a href="//other.example/x">x</a>', '<a href="https://other.example/x">x</a>'],
    ['<a href="http://[">x</a>', '<a href="http://[">x</a>'],
    [
      '<img srcset="/a.png 1x, /b.png 2x" src="/a.png">',
      '<img srcset="https://blog.example/a.png 1x, https://blog.example/b.png 2x" src="https://blog.example/a.png">',
    ],
  ])('%s', (html, expected) => {
    expect(absoluteAddresses(html, base)).toBe(expected);
  });

  it('leaves code that talks about attributes as it is', () => {
    const html = '<code>&lt;a href="/x"&gt;</code> and href="/y" in words';
    expect(absoluteAddresses(html, base)).toBe(html);
  });
});
