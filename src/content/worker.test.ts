import { HtmlValidate } from 'html-validate';
import { describe, expect, it } from 'vitest';
import { renderContent } from './worker.ts';

const markdown = (content: string) => renderContent({ content, format: 'markdown' });
const html = (content: string) => renderContent({ content, format: 'html' }).html;

describe('Markdown', () => {
  it('knows what GitHub knows', () => {
    const rendered = markdown(
      '~~old~~ https://a.example/x, www.b.example. me@example.com main.rs\n\n|A|B|\n|:-|-:|\n|1|2|',
    ).html;
    expect(rendered).toContain('<s>old</s>');
    expect(rendered).toContain('<a href="https://a.example/x">https://a.example/x</a>, ');
    expect(rendered).toContain('<a href="https://www.b.example">www.b.example</a>. ');
    expect(rendered).toContain('<a href="mailto:me@example.com">me@example.com</a> main.rs');
    expect(rendered).toContain('<th class="has-text-align-left" scope="col">A</th>');
    expect(rendered).toContain('<td class="has-text-align-right">2</td>');
  });

  it('makes task lists whose boxes have a name and do nothing', () => {
    expect(markdown('- [x] one\n- [ ] two').html).toBe(`<ul class="contains-task-list">
<li class="task-list-item"><input type="checkbox" class="task-list-item-checkbox" checked disabled aria-label="Done"> one</li>
<li class="task-list-item"><input type="checkbox" class="task-list-item-checkbox" disabled aria-label="To do"> two</li>
</ul>
`);
  });

  it('links footnotes in both directions', () => {
    const rendered = markdown('A[^n] and again[^n].\n\n[^n]: The note.').html;
    for (const place of ['1', '1:1']) {
      expect(rendered).toContain(
        `<a href="#user-content-footnote1" id="user-content-footnote-ref${place}">1</a>`,
      );
      expect(rendered).toContain(`href="#user-content-footnote-ref${place}"`);
      expect(rendered).toContain(`aria-label="Back to reference ${place}"`);
    }
    expect(rendered).toContain('<section class="footnotes" aria-label="Footnotes" role="doc-endnotes">');
    expect(rendered).toContain('id="user-content-footnote1" class="footnote-item"><p>The note.');
  });

  it('keeps what is safe of raw HTML', () => {
    const safe =
      '<figure><picture><source srcset="a.avif 1x, b.avif 2x" type="image/avif"><img src="a.png" alt="A" width="3" height="2" loading="eager" decoding="async"></picture><figcaption>x<sup>2</sup></figcaption></figure>';
    expect(markdown(safe).html).toBe(safe);
    expect(markdown('<kbd>Ctrl</kbd> <abbr title="t">x</abbr>').html).toBe(
      '<p><kbd>Ctrl</kbd> <abbr title="t">x</abbr></p>\n',
    );
    expect(markdown('<details>\n<summary>More</summary>\n\n*x*\n\n</details>').html).toContain(
      '<p><em>x</em></p>',
    );
  });
});

describe('headings', () => {
  it('get ids as on GitHub, unique, and a named link beside them', () => {
    const rendered = markdown('## What’s new?\n\n## What’s new?\n\n## 日本 語').html;
    expect(rendered).toContain(
      '<div class="heading"><h2 id="user-content-whats-new">What’s new?</h2><a class="heading-anchor" href="#user-content-whats-new" aria-label="Link to section: What’s new?"></a></div>',
    );
    expect(rendered).toContain('<h2 id="user-content-whats-new-1">');
    expect(rendered).toContain('<h2 id="user-content-日本-語">');
  });

  it('leave the h1 to the title of the page', () => {
    expect(markdown('# A\n## B\n###### F').html.match(/<h\d/g)).toEqual(['<h2', '<h3', '<h6']);
    expect(markdown('## B\n### C').html.match(/<h\d/g)).toEqual(['<h2', '<h3']);
  });

  it('never take the id of another element, and links to them are kept', () => {
    const rendered = html('<p id="intro">x</p><h2>Intro</h2><a href="#intro">y</a><p id="intro">z</p>');
    expect(rendered).toContain('<p id="user-content-intro">x</p>');
    expect(rendered).toContain('<h2 id="user-content-intro-1">');
    expect(rendered).toContain('<a href="#user-content-intro">y</a><p>z</p>');
  });
});

describe('code', () => {
  it('is highlighted with classes, in both formats', () => {
    const expected =
      '<pre tabindex="0" data-language="js"><code class="hljs language-js"><span class="hljs-keyword">let</span> a &lt; b;\n</code></pre>';
    expect(markdown('```js title="x.js"\nlet a < b;\n```').html.trim()).toBe(expected);
    expect(html('<pre><code class="language-js">let a &lt; b;\n</code></pre>')).toBe(expected);
    expect(html('<pre class="lang-js"><code><span style="x">let</span> a &lt; b;\n</code></pre>')).toContain(
      'hljs-keyword',
    );
  });

  it('knows rare languages, and leaves unknown ones and none plain', () => {
    expect(markdown('```elixir\nIO.puts "x"\n```').html).toContain('hljs-string');
    expect(markdown('```Nosuch\n<x>\n```').html.trim()).toBe(
      '<pre tabindex="0" data-language="nosuch"><code class="hljs language-nosuch">&lt;x&gt;\n</code></pre>',
    );
    expect(markdown('```\nlet a = 1;\n```').html.trim()).toBe(
      '<pre tabindex="0"><code>let a = 1;\n</code></pre>',
    );
  });

  it('is left plain where highlighting costs more than it gives, or would lose something', () => {
    expect(markdown(`\`\`\`js\n${'let a = 1;\n'.repeat(10_000)}\`\`\``).html).not.toContain('hljs-keyword');
    expect(html('<pre><code class="language-js">let <mark>a</mark></code></pre>')).toContain(
      'let <mark>a</mark>',
    );
  });
});

describe('HTML of other systems', () => {
  it('keeps what WordPress and Ghost mean by classes, and no others', () => {
    expect(
      html(
        '<figure class="wp-caption alignleft evil"><img class="size-large" src="/a.png" alt="a"></figure>',
      ),
    ).toBe(
      '<figure class="wp-caption alignleft"><img class="size-large" src="/a.png" alt="a" loading="lazy" decoding="async"></figure>',
    );
    expect(html('<figure class="kg-card kg-image-card kg-width-wide">x</figure>')).toContain(
      'kg-card kg-image-card kg-width-wide',
    );
    expect(html('<p class="site-header heading">x</p>')).toBe('<p>x</p>');
    expect(html('<center>x</center><font color=red>y</font><strike>z</strike>')).toBe(
      '<div class="has-text-align-center">x</div>y<s>z</s>',
    );
  });

  it('turns players into sandboxed ones without cookies, and other frames into links', () => {
    expect(
      html(
        '<iframe src="//www.youtube.com/embed/a_b-1?start=9&autoplay=1" width="560" height="315"></iframe>',
      ),
    ).toBe(
      '<iframe src="https://www.youtube-nocookie.com/embed/a_b-1?start=9" title="YouTube video" width="560" height="315" loading="lazy" referrerpolicy="strict-origin-when-cross-origin" sandbox="allow-scripts allow-same-origin allow-presentation allow-popups" allowfullscreen></iframe>',
    );
    expect(
      html('<iframe src="https://player.vimeo.com/video/12?h=ab&x=1" title="My film"></iframe>'),
    ).toContain('src="https://player.vimeo.com/video/12?h=ab" title="My film"');
    expect(html('<iframe src="https://maps.example/x">fallback</iframe> after')).toBe(
      '<a href="https://maps.example/x">Embedded page: maps.example</a> after',
    );
  });

  it('keeps media of https addresses, with controls', () => {
    expect(html('<video src="https://a.example/v.mp4" autoplay></video>')).toBe(
      '<video src="https://a.example/v.mp4" controls preload="metadata"></video>',
    );
    expect(html('<audio><source src="http://a.example/v.mp3"></audio>')).not.toContain('http:');
  });

  it('keeps links to other windows from reaching back', () => {
    expect(
      html('<a href="/x" target="_blank" rel="nofollow evil">x</a><a href="/x" target="top">y</a>'),
    ).toBe('<a href="/x" target="_blank" rel="nofollow noopener">x</a><a href="/x">y</a>');
  });

  it('wraps tables in regions of their own names, which the keyboard reaches', () => {
    const rendered = html(
      '<table><tr><th>A</th><td>1</td></tr></table><table><caption>Prices</caption><tr><th>A</th><th>B</th></tr></table>',
    );
    expect(rendered).toContain('<section class="table-scroll" tabindex="0" aria-label="Table 1"><table>');
    expect(rendered).toContain('aria-label="Table 2: Prices"');
    expect(rendered.match(/scope="\w+"/g)).toEqual(['scope="row"', 'scope="col"', 'scope="col"']);
  });
});

describe('what is said about a post', () => {
  it('has the words of everything, block by block, without footnote numbers', () => {
    expect(markdown('# T\n\nA *b*c[^1]\n\n```\ncode\n```\n\n- x\n- y\n\n[^1]: note').text).toBe(
      'T\nA bc\ncode\nx\ny\nnote',
    );
  });

  it('begins with the first paragraphs, without headings, code, tables and footnotes', () => {
    const content =
      '# T\n\n```\ncode\n```\n\nFirst[^1] *one*.\n\n|a|\n|-|\n|b|\n\n- item\n\nSecond.\n\n[^1]: note';
    expect(markdown(content).excerpt).toBe('First one. Second.');
    expect(markdown('- one\n- two').excerpt).toBe('one two');
    const downloads = 'Installer: https://example.com/downloads/installer-1.2.3.exe';
    expect(markdown(`- one\n- two\n\n${downloads}`).excerpt).toBe('one two');
    expect(markdown(downloads).excerpt).toBe(downloads);
    expect(markdown('```\ncode\n```').excerpt).toBe('');
    expect(renderContent({ content: 'bare <b>text</b>', format: 'html' }).excerpt).toBe('bare text');
  });

  it('cuts at a word, with an ellipsis', () => {
    const { excerpt } = markdown('lorem ipsum, '.repeat(50));
    expect(excerpt.length).toBeLessThanOrEqual(280);
    expect(excerpt).toMatch(/^(?:lorem ipsum, )+lorem(?: ipsum)?…$/);
    const long = markdown('𠮷'.repeat(500)).excerpt;
    expect(long.isWellFormed() && long.length <= 280 && long.endsWith('𠮷…')).toBe(true);
  });

  it('takes 230 words or 500 Chinese or Japanese characters a minute', () => {
    expect(markdown('word '.repeat(2300)).readingMinutes).toBe(10);
    expect(markdown('字'.repeat(2500)).readingMinutes).toBe(5);
    expect(markdown('').readingMinutes).toBe(1);
  });
});

it('writes HTML without errors of form', async () => {
  const content = `# A\n\ntext[^1] ![x](/x.png) <img src="y.png">\n\n## B\n\n- [ ] c\n\n|a|b|\n|:-|-|\n|1|2|\n\n\`\`\`js\nlet a;\n\`\`\`\n\n<center>x</center>\n\n<iframe src="https://www.youtube.com/embed/x"></iframe>\n\n[^1]: note`;
  const page = `<!DOCTYPE html>\n<html lang="en"><head><title>x</title></head><body><h1>x</h1>${markdown(content).html}</body></html>`;
  const report = await new HtmlValidate({ extends: ['html-validate:recommended'] }).validateString(page);
  const messages = report.results
    .flatMap((result) => result.messages)
    .filter(({ ruleId }) => ruleId !== 'no-trailing-whitespace');
  expect(messages.map(({ ruleId, message, line }) => `${line} ${ruleId}: ${message}`)).toEqual([]);
});
