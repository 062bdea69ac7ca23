/** Writes a post as a Markdown file that import reads back without loss. */
import { stringify } from 'yaml';
import { withoutUndefined } from '../defined.ts';
import type { ExportedFrontMatter } from '../markdown/exported.ts';
import type { ExportedAuthor, ExportedPost, ExportedTag } from '../ports.ts';

/** By slug. */
export interface Profiles {
  tags: ReadonlyMap<string, ExportedTag>;
  authors: ReadonlyMap<string, ExportedAuthor>;
}

/** The whole file: YAML front matter, an empty line, the content as it was written, and a newline. */
export function fileOf(post: ExportedPost, profiles: Profiles): string {
  const yaml = stringify(frontMatterOf(post, profiles), { lineWidth: 0, aliasDuplicateObjects: false });
  return `---\n${yaml}---\n\n${post.content}\n`;
}

/** Only what a person wrote is kept: an excerpt that was made from the content will be made again. */
function frontMatterOf(post: ExportedPost, { tags, authors }: Profiles): ExportedFrontMatter {
  return withoutUndefined({
    broadsheet: 1 as const,
    title: post.title,
    slug: post.slug,
    type: post.type,
    status: post.status,
    format: post.format,
    date: post.publishedAt ?? undefined,
    created: post.createdAt,
    updated: post.updatedAt,
    excerpt: post.excerptIsCustom ? post.excerpt : undefined,
    author: authorOf(post, authors),
    tags: filled(post.tags.map((tag) => tagOf(tag, tags))),
    feature_image: post.featureImage ?? undefined,
    canonical_url: post.canonicalUrl ?? undefined,
    meta_title: post.metaTitle ?? undefined,
    meta_description: post.metaDescription ?? undefined,
    redirect_from: filled(post.redirectFrom),
    source: post.source ?? `broadsheet:${post.id}`,
  });
}

function tagOf({ slug, name }: ExportedPost['tags'][number], tags: Profiles['tags']) {
  return withoutUndefined({ name, slug, description: tags.get(slug)?.description ?? undefined });
}

function authorOf({ author }: ExportedPost, authors: Profiles['authors']) {
  const profile = authors.get(author.slug);
  return withoutUndefined({
    name: author.name,
    slug: author.slug,
    bio: profile?.bio ?? undefined,
    image: profile?.image ?? undefined,
    website: profile?.website ?? undefined,
  });
}

function filled<Item>(list: Item[]): Item[] | undefined {
  return list.length === 0 ? undefined : list;
}
