/** In a real browser, nothing of a hostile post runs and nothing leaves its place. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, launchBrowser } from '../../test/support/browser.ts';
import attacks from './fixtures/attacks.json' with { type: 'json' };
import { renderContent } from './worker.ts';

describe.skipIf(!hasBrowser)('hostile content in Chromium (skipped without it)', () => {
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

  it('would notice an attack', async () => {
    expect(await findWhatRuns('<img src=x onerror=alert(1)>')).toEqual(['1']);
    expect(await findWhatRuns('<a href="javascript:alert(2)">x</a>')).toEqual(['2']);
    expect(await findWhatRuns('</div></article>')).toEqual(['the page was taken apart']);
  });

  it.each(['markdown', 'html'] as const)('does nothing as %s', async (format) => {
    const all = attacks.map((content) => renderContent({ content, format }).html);
    expect(await findWhatRuns(all.join('\n<hr>\n'))).toEqual([]);
    expect(await findWhatRuns(renderContent({ content: attacks.join('\n\n'), format }).html)).toEqual([]);
  });
});
