/** Every kind of page in a real browser: WCAG 2.2 AA by axe, valid HTML, no sideways scrolling, nothing refused. */
import { HtmlValidate } from 'html-validate';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, launchBrowser } from '../support/browser.ts';
import { loadAxe, sidewaysScroll, violations } from '../support/page-checks.ts';
import { fillBlog, startBlog, type TestBlog } from './blog.ts';

const paths = [
  '/',
  '/page/2/',
  '/everything/',
  '/about/',
  '/tag/diary/',
  '/author/a-diarist/',
  '/archive/',
  '/search',
  '/search?q=happened',
  '/search?q=zebra',
  '/nope/',
];

let full: TestBlog;
let empty: TestBlog;
let origins: { full: string; empty: string };
beforeAll(async () => {
  [full, empty] = await Promise.all([startBlog(), startBlog()]);
  await fillBlog(full.blog);
  const listening = await Promise.all([full, empty].map(({ blog }) => blog.listen({ port: 0 })));
  const [first = '', second = ''] = listening.map(({ port }) => `http://127.0.0.1:${port}`);
  origins = { full: first, empty: second };
});
afterAll(async () => {
  await Promise.all([full[Symbol.asyncDispose](), empty[Symbol.asyncDispose]()]);
});

const addresses = () => [
  ...paths.map((path) => origins.full + path),
  `${origins.empty}/`,
  `${origins.empty}/archive/`,
];

it('all pages are valid HTML', async () => {
  const validator = new HtmlValidate({ extends: ['html-validate:recommended'] });
  for (const address of addresses()) {
    const text = await (await fetch(address)).text();
    const report = await validator.validateString(text);
    const messages = report.results.flatMap((result) => result.messages);
    expect(messages.map(({ ruleId, message, line }) => `${address}:${line} ${ruleId} ${message}`)).toEqual(
      [],
    );
  }
});

describe.skipIf(!hasBrowser)('in a browser', () => {
  let browser: Browser;
  let axe: string;
  beforeAll(async () => {
    browser = await launchBrowser();
    axe = await loadAxe();
  });
  afterAll(() => browser?.close());

  it.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 320 },
  ] as const)(
    'all pages are accessible and fit: $colorScheme, $width px',
    async ({ colorScheme, width }) => {
      // Only the checker's own script needs the policy out of its way; the test below holds the pages to it.
      const context = await browser.newContext({
        colorScheme,
        viewport: { width, height: 900 },
        bypassCSP: true,
      });
      const page = await context.newPage();
      for (const address of addresses()) {
        await page.goto(address);
        expect(await violations(page, axe), address).toEqual([]);
        expect(await sidewaysScroll(page), address).toBe(0);
      }
      await context.close();
    },
    120_000,
  );

  it('asks for nothing that the policy refuses, and runs without script', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('requestfailed', (request) => complaints.push(request.url()));
    for (const path of ['/', '/everything/', '/archive/']) {
      const styled = page.waitForResponse((response) => response.url().endsWith('/style.css'));
      await page.goto(origins.full + path, { waitUntil: 'networkidle' });
      expect((await styled).status()).toBe(200);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('leads from the skip link to the content, and through search by keyboard', async () => {
    const page = await browser.newPage();
    await page.goto(`${origins.full}/everything/`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).hash).toBe('#content');
    await page.goto(`${origins.full}/search`);
    await page.locator('main input[type="search"]').fill('happened');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/search?q=happened');
    expect(await page.locator('main article').count()).toBe(11);
    await page.close();
  });
});
