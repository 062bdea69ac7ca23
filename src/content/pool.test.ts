import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createContentRenderer } from './pool.ts';

const renderer = createContentRenderer({ threads: 2 });
afterAll(() => renderer.close());

describe('createContentRenderer', () => {
  it('renders Markdown on a thread', async () => {
    const rendered = await renderer.render({ content: '# Hello\n\nSome *words*.', format: 'markdown' });
    expect(rendered.html).toContain('<p>Some <em>words</em>.</p>');
    expect(rendered.text).toBe('Hello\nSome words.');
    expect(rendered.excerpt).toBe('Some words.');
    expect(rendered.readingMinutes).toBe(1);
  });

  it('renders HTML with the same sanitizer', async () => {
    const { html } = await renderer.render({
      content: '<p onclick="x()">Hi<script>1</script></p>',
      format: 'html',
    });
    expect(html).toBe('<p>Hi</p>');
  });

  it('answers in the order of the questions however many there are', async () => {
    const texts = await Promise.all(
      Array.from({ length: 50 }, (_, n) => renderer.render({ content: `Post ${n}`, format: 'markdown' })),
    );
    expect(texts.map(({ text }) => text)).toEqual(Array.from({ length: 50 }, (_, n) => `Post ${n}`));
  });

  it('ends a render at its deadline with an error for the author, and goes on', async () => {
    const hurried = createContentRenderer({ threads: 1, deadline: 1 });
    await expect(hurried.render({ content: 'x '.repeat(500_000), format: 'markdown' })).rejects.toMatchObject(
      {
        code: 'validation_failed',
        status: 422,
        errors: [{ path: '/content', message: expect.stringContaining('make it shorter') }],
      },
    );
    await hurried.close();
    await expect(renderer.render({ content: 'still here', format: 'markdown' })).resolves.toBeDefined();
  });

  it('refuses work after it was closed, and closes without having worked', async () => {
    const idle = createContentRenderer();
    await idle.close();
    await expect(idle.render({ content: '', format: 'markdown' })).rejects.toThrow('closed');
  });
});

describe('costly content', () => {
  const hostile: Record<string, string> = {
    'open brackets': '['.repeat(50_000),
    'open links': '[a]('.repeat(50_000),
    'open emphasis': '*a '.repeat(50_000),
    'mixed emphasis': 'a**b'.repeat(50_000) + 'c* '.repeat(50_000),
    'nested quotes': '> '.repeat(10_000),
    'nested lists': Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(2 * depth)}- a`).join('\n'),
    'a line of 100,000 characters': 'x'.repeat(100_000),
    'inline footnotes': '^['.repeat(50_000),
    'unclosed elements': '<div>'.repeat(50_000),
    'misnested elements': '<b><p>x</b>'.repeat(20_000),
    'nested tables': '<table><tr><td>'.repeat(20_000),
    'many attributes': `<p ${Array.from({ length: 50_000 }, (_, n) => `a${n}=1`).join(' ')}>`,
    'a long srcset': `<img srcset="${'a 1x,'.repeat(50_000)}">`,
    'equal headings': '# a\n\n'.repeat(5000),
    'code that highlights slowly': `\`\`\`ts\n${'<A'.repeat(40_000)}\n\`\`\``,
  };

  it.each(Object.entries(hostile))(
    '%s: rendered or refused, and the next post is rendered',
    async (_, content) => {
      const outcome = await renderer.render({ content, format: 'markdown' }).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'validation_failed' });
      await expect(renderer.render({ content: 'next', format: 'markdown' })).resolves.toMatchObject({
        text: 'next',
      });
    },
  );

  it('refuses what a browser would multiply', async () => {
    const tags = Array.from({ length: 95 }, (_, n) => `<b title="${n}">`).join('');
    const content = `<p>${tags}${'<div>x</div>'.repeat(5000)}${'</b>'.repeat(95)}</p>`;
    await expect(renderer.render({ content, format: 'html' })).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });

  it('refuses what needs more memory than a thread may have, and goes on', async () => {
    const small = createContentRenderer({ threads: 1, largestHeap: 24 });
    const content = '<b>x</b>\n\n'.repeat(200_000);
    await expect(small.render({ content, format: 'markdown' })).rejects.toMatchObject({
      code: 'validation_failed',
    });
    await expect(small.render({ content: 'next', format: 'markdown' })).resolves.toMatchObject({
      text: 'next',
    });
    await small.close();
  });
});

const realPosts = join(import.meta.dirname, '../../../shared/data/nodejs-blog');

describe.skipIf(!existsSync(realPosts))('real posts (skipped without ../shared/data)', () => {
  it('are all rendered', async () => {
    const paths = globSync('**/*.{md,mdx}', { cwd: realPosts });
    const times = await Promise.all(
      paths.map(async (path) => {
        const content = readFileSync(join(realPosts, path), 'utf8').replace(/^---\n[\s\S]*?\n---\n/, '');
        const start = performance.now();
        const { html, excerpt, readingMinutes } = await renderer.render({ content, format: 'markdown' });
        expect(html.length).toBeGreaterThan(0);
        expect(excerpt.length).toBeLessThanOrEqual(280);
        expect(readingMinutes).toBeGreaterThanOrEqual(1);
        return performance.now() - start;
      }),
    );
    expect(times.length).toBeGreaterThan(1000);
  }, 120_000);
});
