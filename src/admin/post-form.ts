/** A post as the fields of the editor's form, and back. Fields are texts, so that what was typed is never lost. */
import type { NamedRef, Post } from '../blog/posts/post.ts';
import type { PostPatch } from '../blog/posts/schemas.ts';
import type { Form } from './form.ts';

const textFields = [
  'title',
  'slug',
  'excerpt',
  'tags',
  'publishedAt',
  'author',
  'featureImage',
  'canonicalUrl',
  'metaTitle',
  'metaDescription',
] as const;

export type PostForm = Record<(typeof textFields)[number], string> & {
  content: string;
  status: 'draft' | 'scheduled' | 'published';
  type: 'post' | 'page';
};

export const emptyPostForm: PostForm = {
  title: '',
  slug: '',
  excerpt: '',
  tags: '',
  publishedAt: '',
  author: '',
  featureImage: '',
  canonicalUrl: '',
  metaTitle: '',
  metaDescription: '',
  content: '',
  status: 'draft',
  type: 'post',
};

export function readPostForm(form: Form): PostForm {
  const texts = Object.fromEntries(textFields.map((name) => [name, form.text(name)]));
  const status = form.text('status');
  return {
    ...emptyPostForm,
    ...texts,
    content: form.raw('content'),
    status: status === 'published' || status === 'scheduled' ? status : 'draft',
    type: form.text('type') === 'page' ? 'page' : 'post',
  };
}

export function toPostForm(post: Post): PostForm {
  return {
    title: post.title,
    slug: post.slug,
    // One that the program made is not shown: it would stay when the text changes.
    excerpt: post.excerptIsCustom ? post.excerpt : '',
    tags: post.tags.map(({ name }) => name).join(', '),
    publishedAt: toField(post.publishedAt),
    author: post.author.name,
    featureImage: post.featureImage ?? '',
    canonicalUrl: post.canonicalUrl ?? '',
    metaTitle: post.metaTitle ?? '',
    metaDescription: post.metaDescription ?? '',
    content: post.content,
    status: post.status,
    type: post.type,
  };
}

/**
 * @param before the post as it is; null for a new one. What the form can't show exactly (seconds, slugs of tags
 *   and of the author) stays as it is unless the field was changed.
 * @param knownTags whose slugs may differ from what their names would give
 */
export function toPatch(
  form: PostForm,
  before: Post | null,
  knownTags: readonly NamedRef[],
): PostPatch & { title: string; content: string } {
  const shown = before && toPostForm(before);
  const tags = form.tags.split(',').map((name) => name.trim());
  return {
    title: form.title,
    content: form.content,
    type: form.type,
    status: form.status,
    ...(form.slug === '' || form.slug === shown?.slug ? {} : { slug: form.slug }),
    ...(form.publishedAt === (shown?.publishedAt ?? '') ? {} : { publishedAt: toInstant(form.publishedAt) }),
    ...(form.author === '' || form.author === shown?.author ? {} : { author: form.author }),
    tags: tags.filter(Boolean).map((name) => findRef(name, [...(before?.tags ?? []), ...knownTags]) ?? name),
    excerpt: form.excerpt || null,
    featureImage: form.featureImage || null,
    canonicalUrl: form.canonicalUrl || null,
    metaTitle: form.metaTitle || null,
    metaDescription: form.metaDescription || null,
  };
}

function findRef(name: string, refs: readonly NamedRef[]): NamedRef | undefined {
  const found = refs.find((ref) => ref.name === name);
  return found && { slug: found.slug, name: found.name };
}

/** As `<input type=datetime-local>` has it, in UTC. */
function toField(instant: string | null): string {
  return instant?.slice(0, 16) ?? '';
}

/** What isn't a time is passed on, so that it is refused with the field's name. */
function toInstant(field: string): string | null {
  if (field === '') return null;
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(field) ? `${field}Z` : field;
}
