/** What every page has to pass in the browser. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The checker's script, for {@link violations}. */
export function loadAxe(): Promise<string> {
  return readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
}

/** @returns what the page does against WCAG 2.2 AA, as axe sees it */
export async function violations(page: Page, axe: string): Promise<string[]> {
  await page.evaluate(axe);
  const found: unknown = await page.evaluate(
    `axe.run({ runOnly: ${JSON.stringify(rules)} }).then(({ violations }) => violations.map((violation) =>
      violation.id + ': ' + violation.nodes.map((node) => node.html + ' ' + node.failureSummary).join('; ')))`,
  );
  expect(found).toBeInstanceOf(Array);
  return Array.isArray(found) ? found.map(String) : [];
}

/** @returns by how many pixels the page is wider than the window */
export async function sidewaysScroll(page: Page): Promise<unknown> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
