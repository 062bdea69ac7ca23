/** Reads what export wrote, exactly: nothing of it is guessed or tidied. */
import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import type { ImportedPost } from '../../blog/posts/post.ts';
import { ContentFormatSchema, PostStatusSchema, PostTypeSchema } from '../../blog/posts/schemas.ts';
import { parseDate } from '../dates.ts';
import { withoutUndefined } from '../defined.ts';
import { ItemError } from '../report.ts';
import type { SplitFile } from './front-matter.ts';

const text = Type.Optional(Type.String());

/** The front matter of an exported post. `broadsheet` is the version of this format. */
export const ExportedFrontMatterSchema = Type.Object(
  {
    broadsheet: Type.Literal(1),
    source: Type.String({ pattern: '^(markdown|wordpress|ghost|broadsheet):.+' }),
    type: PostTypeSchema,
    status: PostStatusSchema,
    format: ContentFormatSchema,
    title: Type.String(),
    slug: Type.String(),
    date: text,
    created: text,
    updated: text,
    excerpt: text,
    author: Type.Optional(
      Type.Object({ name: Type.String(), slug: Type.String(), bio: text, image: text, website: text }),
    ),
    tags: Type.Optional(
      Type.Array(Type.Object({ name: Type.String(), slug: Type.String(), description: text })),
    ),
    feature_image: text,
    canonical_url: text,
    meta_title: text,
    meta_description: text,
    redirect_from: Type.Optional(Type.Array(Type.String())),
  },
  { additionalProperties: false },
);
export type ExportedFrontMatter = Static<typeof ExportedFrontMatterSchema>;

/** True when the file says that it comes from an export. */
export function isExported(file: SplitFile): boolean {
  return file.values['broadsheet'] !== undefined;
}

/** @throws ItemError with the line, when the front matter is not as export writes it */
export function readExported(file: SplitFile): ImportedPost {
  const values = file.values;
  if (!Value.Check(ExportedFrontMatterSchema, values)) throw problemOf(file);
  const date = (key: 'date' | 'created' | 'updated') => {
    const value = values[key];
    return value === undefined ? undefined : parseDate(value, file.lineOf(key));
  };
  return withoutUndefined({
    source: values.source,
    type: values.type,
    status: values.status,
    title: values.title,
    slug: values.slug,
    content: contentOf(file.body),
    format: values.format,
    excerpt: values.excerpt,
    publishedAt: date('date'),
    createdAt: date('created'),
    updatedAt: date('updated'),
    tags: (values.tags ?? []).map((tag) => withoutUndefined(tag)),
    author: values.author && withoutUndefined(values.author),
    featureImage: values.feature_image,
    canonicalUrl: values.canonical_url,
    metaTitle: values.meta_title,
    metaDescription: values.meta_description,
    redirectFrom: values.redirect_from ?? [],
  });
}

/** Export puts an empty line before the content and a newline after it. */
function contentOf(body: string): string {
  return body.replace(/^\n/, '').replace(/\n$/, '');
}

function problemOf(file: SplitFile): ItemError {
  const [error] = Value.Errors(ExportedFrontMatterSchema, file.values);
  const key = error?.instancePath.split('/')[1] ?? '';
  const reason = `the front matter is not as export writes it: ${key} ${error?.message ?? ''}`.trimEnd();
  return new ItemError(reason, file.lineOf(key) ?? file.lineOf('broadsheet'));
}
