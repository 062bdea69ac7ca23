/** A real browser for tests of pages. */
import { type Browser, chromium } from 'playwright-core';
import { inject } from 'vitest';

/** False where Chromium is missing: `describe.skipIf(!hasBrowser)`. */
export const hasBrowser = inject('programs').chromium !== null;

/** Starts headless Chromium. The caller closes it. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = inject('programs').chromium;
  if (!executablePath) throw new Error('Chromium is missing; skip the test unless hasBrowser');
  // Chromium's own sandbox refuses to run as root, as which containers usually run.
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
}
