/** What goes in and out of the posts API: validation, types and OpenAPI come from here. */
import Type, { type Static } from 'typebox';

export const NamedRefSchema = Type.Object(
  { slug: Type.String({ examples: ['first'] }), name: Type.String({ examples: ['First'] }) },
  { additionalProperties: false },
);

export const PostTypeSchema = Type.Union([Type.Literal('post'), Type.Literal('page')], {
  description: 'A `post` is part of lists and feeds; a `page` has an address only.',
});
export type PostType = Static<typeof PostTypeSchema>;
export const PostStatusSchema = Type.Union([
  Type.Literal('draft'),
  Type.Literal('scheduled'),
  Type.Literal('published'),
]);
export type PostStatus = Static<typeof PostStatusSchema>;
export const ContentFormatSchema = Type.Union([Type.Literal('markdown'), Type.Literal('html')], {
  description: 'What `content` is written in. Either is sanitized when written.',
});
export type ContentFormat = Static<typeof ContentFormatSchema>;

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Instant = (description: string) => Type.String({ format: 'date-time', description });
const WebAddress = (description: string) =>
  Type.String({ maxLength: 2000, pattern: '^(https?://|/)[^\\s]*$', description });

export const PostSchema = Type.Object(
  {
    id: Type.String({ description: 'UUIDv7', examples: ['019bb0c4-7a1e-7c3a-9f0e-2b7f6c1d4e5a'] }),
    type: PostTypeSchema,
    slug: Type.String({ description: 'Its part of the address.', examples: ['hello'] }),
    title: Type.String({ examples: ['Hello'] }),
    excerpt: Type.String({
      description: 'Plain text; made from the content when none was written.',
      examples: ['Good morning.'],
    }),
    content: Type.Optional(
      Type.String({
        description: 'As written; in lists only with `include=content`.',
        examples: ['Good *morning*.'],
      }),
    ),
    format: ContentFormatSchema,
    html: Type.Optional(
      Type.String({
        description: 'Sanitized; in lists only with `include=content`.',
        examples: ['<p>Good <em>morning</em>.</p>'],
      }),
    ),
    status: PostStatusSchema,
    tags: Type.Array(NamedRefSchema),
    author: NamedRefSchema,
    featureImage: nullable(Type.String()),
    canonicalUrl: nullable(Type.String()),
    metaTitle: nullable(Type.String()),
    metaDescription: nullable(Type.String()),
    readingMinutes: Type.Integer(),
    version: Type.Integer({ description: 'Counts up with each change; also the ETag for If-Match.' }),
    publishedAt: nullable(Instant('RFC 3339, UTC')),
    createdAt: Instant('RFC 3339, UTC'),
    updatedAt: Instant('RFC 3339, UTC'),
    url: Type.String({
      description: 'Address of the page for readers.',
      examples: ['https://blog.example/hello/'],
    }),
  },
  { additionalProperties: false, $id: 'Post' },
);
export type PostJson = Static<typeof PostSchema>;

const Name = Type.String({ minLength: 1, maxLength: 100 });
const NameOrRef = Type.Union([
  Name,
  Type.Object(
    { slug: Type.String({ minLength: 1, maxLength: 200 }), name: Name },
    { additionalProperties: false },
  ),
]);

const editable = {
  title: Type.String({ minLength: 1, maxLength: 300, description: 'Plain text.', examples: ['Hello'] }),
  content: Type.String({
    maxLength: 10_000_000,
    description: 'Markdown, or HTML where `format` says so.',
    examples: ['Good *morning*.'],
  }),
  format: Type.Optional(ContentFormatSchema),
  type: Type.Optional(PostTypeSchema),
  slug: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'Made from the title when left out.' }),
  ),
  excerpt: Type.Optional(nullable(Type.String({ maxLength: 1000 }))),
  status: Type.Optional(PostStatusSchema),
  publishedAt: Type.Optional(nullable(Instant('In the future: the post is scheduled.'))),
  tags: Type.Optional(
    Type.Array(NameOrRef, {
      maxItems: 100,
      description: 'Names or slugs; new ones are created.',
      examples: [['First']],
    }),
  ),
  author: Type.Optional(NameOrRef),
  featureImage: Type.Optional(nullable(WebAddress('http(s) address, or a path that starts with /'))),
  canonicalUrl: Type.Optional(nullable(WebAddress('Where the post was published first'))),
  metaTitle: Type.Optional(nullable(Type.String({ maxLength: 300 }))),
  metaDescription: Type.Optional(nullable(Type.String({ maxLength: 500 }))),
};

export const PostCreateSchema = Type.Object(editable, { additionalProperties: false, $id: 'PostCreate' });
export type PostCreate = Static<typeof PostCreateSchema>;

export const PostPatchSchema = Type.Partial(Type.Object(editable), {
  additionalProperties: false,
  minProperties: 1,
  $id: 'PostPatch',
});
export type PostPatch = Static<typeof PostPatchSchema>;

export const PostListSchema = Type.Object(
  {
    posts: Type.Array(PostSchema),
    total: Type.Integer({ description: 'Posts in the whole list.', examples: [1] }),
    limit: Type.Integer({ examples: [10] }),
    offset: Type.Integer({ examples: [0] }),
    next: nullable(Type.String({ description: 'Cursor for `after`; null on the last page.' })),
  },
  { additionalProperties: false, $id: 'PostList' },
);
export type PostListJson = Static<typeof PostListSchema>;

export const PostListQuerySchema = Type.Object(
  {
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 10, description: 'How many posts.' }),
    offset: Type.Integer({
      minimum: 0,
      maximum: 10_000,
      default: 0,
      description: 'How many to pass over; `after` is as fast anywhere in a long list.',
      'x-beyond': 'to go on from there, pass the cursor that a page gives as `next` in `after`',
    }),
    after: Type.Optional(
      Type.String({ maxLength: 500, description: 'Cursor from `next`; instead of `offset`.' }),
    ),
    tag: Type.Optional(Type.String({ maxLength: 200, description: 'Slug of a tag.' })),
    author: Type.Optional(Type.String({ maxLength: 200, description: 'Slug of an author.' })),
    q: Type.Optional(Type.String({ maxLength: 200, description: 'Full-text search; best matches first.' })),
    type: Type.Optional(PostTypeSchema),
    status: Type.Optional(
      Type.Union([...PostStatusSchema.anyOf, Type.Literal('any')], {
        description: 'Other than `published`: needs a token.',
      }),
    ),
    sort: Type.Optional(
      Type.Union([Type.Literal('-publishedAt'), Type.Literal('publishedAt')], {
        description: '`-publishedAt`: the newest first, as without it.',
      }),
    ),
    include: Type.Optional(
      Type.Literal('content', { description: 'Adds `content` and `html` to each post.' }),
    ),
  },
  { additionalProperties: false },
);
export type PostListQuery = Partial<Static<typeof PostListQuerySchema>>;

export const RevisionListSchema = Type.Object(
  {
    revisions: Type.Array(
      Type.Object({ version: Type.Integer(), title: Type.String(), createdAt: Instant('RFC 3339, UTC') }),
    ),
  },
  { additionalProperties: false, $id: 'RevisionList' },
);
