import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { OperatorError } from '../../errors.ts';
import { loadTheme, templateNames } from './theme.ts';

async function themeFolder(files: Record<string, string>): Promise<string> {
  return (await temporaryFolder(files)).path;
}

const model = {
  site: { title: 'A <b> & "c"', pages: [], language: 'en', description: '' },
  page: { title: 'x', description: '' },
};

describe('the default theme', () => {
  it('renders every template with nothing but the frame', async () => {
    const theme = await loadTheme();
    for (const name of templateNames) expect(theme.render(name, model)).toContain('</html>');
  });

  it('escapes what it prints', async () => {
    const theme = await loadTheme();
    expect(theme.render('not-found', model)).toContain('A &lt;b&gt; &amp; &#34;c&#34;');
  });

  it('stays small: one stylesheet below 20 KB, no script', async () => {
    const theme = await loadTheme();
    expect(theme.findAsset('style.css')?.content.length).toBeLessThan(20 * 1024);
    expect(theme.render('home', model)).not.toMatch(
      /<script(?! type="application\/ld\+json")|<style|\sstyle=/,
    );
  });
});

describe("an operator's theme", () => {
  it('replaces a template alone', async () => {
    const theme = await loadTheme(await themeFolder({ 'not-found.liquid': 'Gone from {{ site.title }}' }));
    expect(theme.render('not-found', model)).toBe('Gone from A &lt;b&gt; &amp; &#34;c&#34;');
    expect(theme.render('error', model)).toContain('</html>');
  });

  it('replaces a partial and an asset alone, under a new address', async () => {
    const folder = await themeFolder({
      'partials/navigation.liquid': '<nav>mine</nav>',
      'assets/style.css': 'body{color:red}',
    });
    const [own, original] = await Promise.all([loadTheme(folder), loadTheme()]);
    expect(own.render('not-found', model)).toContain('<nav>mine</nav>');
    expect(own.findAsset('style.css')?.content.toString()).toBe('body{color:red}');
    expect(own.findAsset('favicon.svg')).toEqual(original.findAsset('favicon.svg'));
    expect(own.assetVersion).not.toBe(original.assetVersion);
  });

  it.each([
    ['syntax', '\n\n{% if %}', /post\.liquid, line 3, column \d+: .+; mend it/],
    ['an unknown filter', 'a\n{{ post.title | shout }}', /post\.liquid, line 2.*shout/],
    ['an unclosed block', '{% for a in b %}', /post\.liquid, line 1.*not closed/],
    [
      'a missing partial',
      "x\n{% render 'partials/gone' %}",
      /post\.liquid, line 2: .*partials\/gone\.liquid/,
    ],
    ['a missing asset', "{{ 'gone.css' | asset_url }}", /post\.liquid, line 1: .*assets\/gone\.css/],
  ])('with a mistake stops the start and names file and line: %s', async (_, template, message) => {
    const folder = await themeFolder({ 'post.liquid': template });
    const loading = loadTheme(folder);
    await expect(loading).rejects.toThrow(OperatorError);
    await expect(loading).rejects.toThrow(message);
  });

  it('that is no folder stops the start', async () => {
    await expect(loadTheme(join(await themeFolder({}), 'nowhere'))).rejects.toThrow(/SITE_THEME/);
  });

  it('has no file that is a link to somewhere else', async () => {
    const elsewhere = await themeFolder({ 'secret.liquid': 'secret' });
    const linked = await themeFolder({});
    await symlink(join(elsewhere, 'secret.liquid'), join(linked, 'post.liquid'));
    await expect(loadTheme(linked)).rejects.toThrow(/outside the theme folder/);
  });

  it.each(['render', 'include', 'layout'])('reads no file of another folder through %s', async (tag) => {
    const elsewhere = await themeFolder({ 'secret.liquid': 'secret' });
    const template = `{% assign name = "${join(elsewhere, 'secret.liquid')}" %}{% ${tag} name %}`;
    const theme = await loadTheme(await themeFolder({ 'post.liquid': template }));
    expect(() => theme.render('post', model)).toThrow(/Failed to lookup/);
  });
});
