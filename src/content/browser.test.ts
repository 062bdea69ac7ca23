/** In a real browser: nothing of a hostile post runs or leaves its place, and everybody can use what a post has. */
import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, launchBrowser } from '../../test/support/browser.ts';
import attacks from './fixtures/attacks.json' with { type: 'json' };
import { renderContent } from './worker.ts';

describe.skipIf(!hasBrowser)('content in Chromium (skipped without it)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  /** Opens a page with the HTML, clicks its links, and says what ran; `alert` is how the attacks show that they do. */
  async function findWhatRuns(html: string): Promise<string[]> {
    const page = await browser.newPage();
    const ran: string[] = [];
    page.on('dialog', (dialog) => {
      ran.push(dialog.message());
      void dialog.dismiss();
    });
    await page.route('**/*', (route) => route.fulfill({ body: '' }));
    await page.setContent(
      `<!DOCTYPE html><title>x</title><article><div id="post">${html}</div><p id="after">after</p></article>`,
    );
    await page.evaluate(async () => {
      for (const element of document.querySelectorAll<HTMLElement>('#post *')) {
        const isScript = element instanceof HTMLAnchorElement && element.protocol === 'javascript:';
        if (!isScript) element.addEventListener('click', (event) => event.preventDefault());
        for (const type of ['mouseover', 'focus', 'toggle']) element.dispatchEvent(new Event(type));
        element.click();
      }
      // Scripts of addresses run in tasks of their own, which come before the next frame but one.
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
    });
    const isInPlace = await page.evaluate(
      () => document.querySelector('#after')?.previousElementSibling?.id === 'post',
    );
    if (!isInPlace) ran.push('the page was taken apart');
    await page.close();
    return ran;
  }

  it('shows an attack that is not sanitized', async () => {
    expect(await findWhatRuns('<img src=x onerror=alert(1)>')).toEqual(['1']);
    expect(await findWhatRuns('<a href="javascript:alert(2)">x</a>')).toEqual(['2']);
    expect(await findWhatRuns('</div></article>')).toEqual(['the page was taken apart']);
  });

  it.each(['markdown', 'html'] as const)('runs nothing of hostile %s', async (format) => {
    const all = attacks.map((content) => renderContent({ content, format }).html);
    expect(await findWhatRuns(all.join('\n<hr>\n'))).toEqual([]);
    expect(await findWhatRuns(renderContent({ content: attacks.join('\n\n'), format }).html)).toEqual([]);
  });

  it('has nothing that axe-core objects to', async () => {
    const content = `# Heading\n\ntext[^1] and again[^1] ![x](data:image/gif;base64,R0lGODlhAQABAAAAACw=)\n\n## Heading\n\n- [x] done\n- [ ] to do\n\n|a|b|\n|-|-|\n|1|2|\n\n|c|\n|-|\n|3|\n\n\`\`\`js\n${'let a = 1; '.repeat(100)}\n\`\`\`\n\n<iframe src="https://www.youtube.com/embed/x"></iframe>\n\n<details><summary>s</summary>x</details>\n\n[^1]: note`;
    const { html } = renderContent({ content, format: 'markdown' });
    const page = await browser.newPage();
    await page.route('**/*', (route) =>
      route.fulfill({ body: '<!DOCTYPE html><html lang="en"><title>x</title>', contentType: 'text/html' }),
    );
    await page.setContent(
      `<!DOCTYPE html><html lang="en"><title>x</title><style>pre { overflow: auto }</style><main><h1>x</h1>${html}</main>`,
    );
    await page.evaluate(axe.source);
    const violations = await page.evaluate(
      'axe.run().then((report) => report.violations.map(({ id, nodes }) => id + ": " + nodes.map((node) => node.html)))',
    );
    await page.close();
    expect(violations).toEqual([]);
  });
});
