/** The variable `site`: what every page shows around its content. */
import type { PostSummary } from '../../blog/posts/post.ts';
import type { Config } from '../../config/schema.ts';
import { paths } from '../address.ts';

export interface LinkView {
  title: string;
  url: string;
}

export interface SiteView {
  title: string;
  description: string;
  /** Absolute, without a final slash. */
  address: string;
  language: string;
  /** Published pages, for the navigation. */
  pages: LinkView[];
}

/** The language of the theme's own words. */
export const siteLanguage = 'en';

export function presentSite(
  settings: Config['site'],
  address: string,
  pages: readonly Pick<PostSummary, 'title' | 'slug'>[],
): SiteView {
  return {
    title: settings.title,
    description: settings.description,
    address,
    language: siteLanguage,
    pages: pages.map(({ title, slug }) => ({ title, url: paths.post(slug) })),
  };
}
