/** The admin pages in a real browser: from the set-up link to logging out, accessible and fitting on the way. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BlogSystem, createBlogSystem } from '../../src/app.ts';
import { hasBrowser, launchBrowser } from '../support/browser.ts';
import { loadAxe, sidewaysScroll, violations } from '../support/page-checks.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

const password = 'several unrelated words';

describe.skipIf(!hasBrowser)('in a browser', () => {
  let folder: TemporaryFolder;
  let blog: BlogSystem;
  let browser: Browser;
  let origin: string;
  let axe: string;

  beforeAll(async () => {
    folder = await createTemporaryFolder();
    blog = await createBlogSystem({
      database: { url: `sqlite:${folder.path}/blog.db` },
      site: { title: 'The Test Gazette' },
      log: { level: 'silent' },
    });
    const { port } = await blog.listen({ port: 0 });
    origin = `http://127.0.0.1:${port}`;
    [browser, axe] = await Promise.all([launchBrowser(), loadAxe()]);
  });
  afterAll(async () => {
    await browser?.close();
    await blog?.close();
    await folder?.remove();
  });

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

  /** Holds the page, as it stands, to the rules of accessibility: light and wide, dark and narrow. */
  async function check(page: Page): Promise<void> {
    for (const [colorScheme, width] of [
      ['dark', 320],
      ['light', 1280],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      expect(await violations(page, axe), `${page.url()} ${colorScheme}`).toEqual([]);
      expect(await sidewaysScroll(page), `${page.url()} ${width}`).toBe(0);
    }
  }

  /** Tries to leave the page, and stays where it is asked about that. */
  async function isAsked(page: Page): Promise<boolean> {
    const asked = page.waitForEvent('dialog', { timeout: 10_000 });
    const leaving = page.getByRole('link', { name: 'API tokens' }).click();
    const dialog = await asked;
    await dialog.dismiss();
    await leaving;
    return dialog.type() === 'beforeunload';
  }

  async function setUp(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    const link = `${origin}/admin/setup?token=${await blog.identity.beginSetup()}`;
    await page.goto(`${origin}/admin/`);
    await check(page);
    await page.goto(link);
    await check(page);
    await page.getByLabel('Your name').fill('Ada Example');
    await page.getByLabel('E-mail address').fill('ada@example.com');
    await page.getByLabel('Password').fill('short');
    await button(page, 'Create the account').click();
    await page.locator('#password-problem').waitFor();
    await check(page);
    await page.getByLabel('Password').fill(password);
    await button(page, 'Create the account').click();
    await page.getByRole('heading', { name: 'Posts' }).waitFor();
    await check(page);
    const other = await context.newPage();
    expect((await other.goto(link))?.status()).toBe(403);
    await other.close();
    return page;
  }

  it('leads from the set-up link over a post and a conflict to logging out', async () => {
    // Only the checker's own script needs the policy out of its way; the test below holds the pages to it.
    const context = await browser.newContext({ bypassCSP: true });
    const page = await setUp(context);

    await page.getByRole('link', { name: 'New post' }).click();
    await check(page);
    await page.getByLabel('Title', { exact: true }).fill('A lamp in the window');
    await page.getByLabel('Content').fill('It *burns* all night.');
    await page.getByLabel('Tags').fill('Night');
    await page.getByLabel('Slug').fill('admin');
    await button(page, 'Save').click();
    await page.locator('#slug-problem').waitFor();
    expect(await page.getByLabel('Content').inputValue()).toBe('It *burns* all night.');
    await check(page);
    await page.getByLabel('Slug').fill('');
    const [preview] = await Promise.all([context.waitForEvent('page'), button(page, 'Preview').click()]);
    await preview.getByText('burns').waitFor();
    await check(preview);
    await preview.close();
    await page.getByLabel('Status').selectOption('published');
    await button(page, 'Save').click();
    await page.getByText('The post is saved.').waitFor();
    await check(page);
    await page.getByRole('link', { name: 'View on the blog' }).click();
    expect(await page.locator('em', { hasText: 'burns' }).count()).toBe(1);
    await page.goBack();

    const { id } = await blog.posts.find('a-lamp-in-the-window');
    await blog.posts.update(id, { content: 'It went out.' });
    await page.getByLabel('Content').fill('It burns *still*.');
    await button(page, 'Save').click();
    await page.getByText('was changed since you opened it').waitFor();
    await page.getByText('It went out.').waitFor();
    expect(await page.getByLabel('Content', { exact: true }).inputValue()).toBe('It burns *still*.');
    await check(page);
    await button(page, 'Save').click();
    await page.getByText('Your changes are saved.').waitFor();
    expect((await blog.posts.find(id)).content).toBe('It burns *still*.');

    for (const path of [
      `posts/${id}/revisions`,
      `posts/${id}/delete`,
      'terms',
      'users',
      'profile',
      'nope',
      '',
    ]) {
      await page.goto(`${origin}/admin/${path}`);
      await check(page);
    }
    await page.goto(`${origin}/admin/tokens`);
    await page.getByLabel('Name').fill('robot');
    await button(page, 'Create token').click();
    await page.getByText(/^bsk_/).waitFor();
    await check(page);

    await button(page, 'Log out').click();
    await page.getByText('You are logged out.').waitFor();
    await page.goto(`${origin}/admin/posts/${id}`);
    expect(new URL(page.url()).pathname).toBe('/admin/log-in');
    await page.getByLabel('E-mail address').fill('ada@example.com');
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Edit post' }).waitFor();
    await context.close();
  }, 120_000);

  it('works without script, and asks for nothing that the policy refuses', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    await blog.identity.createUser({ email: 'bo@example.com', name: 'Bo', password, role: 'editor' });
    await page.goto(`${origin}/admin/`);
    await page.getByLabel('E-mail address').fill('bo@example.com');
    await page.getByLabel('Password').fill(password);
    await button(page, 'Log in').click();
    await page.getByRole('link', { name: 'New post' }).click();
    await page.getByLabel('Title', { exact: true }).fill('Plain');
    await button(page, 'Save').click();
    await page.getByText('The post is saved.').waitFor();
    await button(page, 'Publish the saved version now').click();
    await page.getByText('The post is published.').waitFor();
    await page.getByRole('link', { name: 'Delete…' }).click();
    await button(page, 'Delete it').click();
    await page.getByText('The post is deleted.').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  }, 60_000);

  it('asks before it leaves a text that is not saved, and saves by keyboard', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    await blog.identity.createUser({ email: 'cy@example.com', name: 'Cy', password, role: 'author' });
    await page.goto(`${origin}/admin/log-in?next=/admin/posts/new`);
    await page.getByLabel('E-mail address').fill('cy@example.com');
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
    await page.getByLabel('Title', { exact: true }).fill('Unsaved');
    expect(await isAsked(page)).toBe(true);
    expect(await page.getByLabel('Title', { exact: true }).inputValue()).toBe('Unsaved');
    // Also when the text came back with a mistake in it.
    await page.getByLabel('Slug').fill('admin');
    await page.keyboard.press('Control+s');
    await page.locator('#slug-problem').waitFor();
    expect(await isAsked(page)).toBe(true);
    await page.getByLabel('Slug').fill('');
    await page.keyboard.press('Control+s');
    await page.getByText('The post is saved.').waitFor();
    // The browser itself notes the answer 422.
    expect(complaints.filter((text) => !text.includes('status of 422'))).toEqual([]);
    await context.close();
  }, 60_000);
});
