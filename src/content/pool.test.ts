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
