/** The pages that describe the API: complete, valid, usable by everybody, on a phone too. */
import { HtmlValidate } from 'html-validate';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCatalog } from '../../src/errors.ts';
import { createBlog, type TestBlog } from '../support/blog.ts';
import { hasBrowser, launchBrowser } from '../support/browser.ts';
import { loadAxe, sidewaysScroll, violations } from '../support/page-checks.ts';

const pages = ['/docs', '/docs/errors'];
let blog: TestBlog;
beforeAll(async () => {
  blog = await createBlog();
});
afterAll(() => blog.close());

it.each(pages)('%s is valid HTML', async (path) => {
  const { body } = await blog.http.inject(path);
  const validator = new HtmlValidate({ extends: ['html-validate:recommended'] });
  const { results } = await validator.validateString(body);
  expect(results.flatMap(({ messages }) => messages.map((each) => `${each.line}: ${each.message}`))).toEqual(
    [],
  );
});

it('/docs has every operation, and its links lead somewhere', async () => {
  const { body } = await blog.http.inject('/docs');
  const { paths } = (await blog.http.inject('/openapi.json')).json();
  const ids = new Set([...body.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]));
  for (const operations of Object.values<Record<string, { operationId: string }>>(paths)) {
    for (const { operationId } of Object.values(operations)) expect(ids).toContain(operationId);
  }
  const targets = [...body.matchAll(/href="#([^"]+)"/g)].map((match) => match[1]);
  expect(targets.length).toBeGreaterThan(50);
  expect(targets.filter((target) => !ids.has(target))).toEqual([]);
  expect(body).toContain('curl http://127.0.0.1:8000/posts/ID \\\n  -X PATCH \\\n');
});

it('/docs/errors has every code at the address that errors name', async () => {
  const { body } = await blog.http.inject('/docs/errors');
  for (const code of Object.keys(errorCatalog)) expect(body).toContain(`id="${code}"`);
  const { type } = (await blog.reader.get('/posts/none')).json();
  expect(type).toBe('/docs/errors#post_not_found');
});

describe.skipIf(!hasBrowser)('in Chromium (skipped without it)', () => {
  let browser: Browser;
  let axe: string;
  let origin: string;
  beforeAll(async () => {
    [browser, axe] = await Promise.all([launchBrowser(), loadAxe()]);
    origin = `http://127.0.0.1:${(await blog.listen({ port: 0 })).port}`;
  });
  afterAll(() => browser.close());

  it.each(
    pages.flatMap((path) =>
      [1280, 390, 320].flatMap((width) =>
        (['light', 'dark'] as const).map((colorScheme) => ({ path, width, colorScheme })),
      ),
    ),
  )('$path at $width pixels, $colorScheme', async ({ path, width, colorScheme }) => {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme, bypassCSP: false });
    const refused: string[] = [];
    page.on('console', (message) => refused.push(message.text()));
    await page.goto(origin + path, { waitUntil: 'networkidle' });
    expect(await violations(page, axe)).toEqual([]);
    expect(await sidewaysScroll(page)).toBe(0);
    expect(refused).toEqual([]);
    await page.close();
  });

  it('an example is copied as a command that a shell takes', async () => {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await context.newPage();
    await page.goto(`${origin}/docs`);
    await page.locator('article:has(#createPost) .example button').click();
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(
      /^curl http\S+\/posts \\\n {2}-H 'Authorization: Bearer TOKEN' \\\n[\s\S]* -d '\{"title":"Hello"/,
    );
    await context.close();
  });
});
