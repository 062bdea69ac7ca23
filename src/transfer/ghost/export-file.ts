/** The parts of Ghost's export that are read, as schemas: Ghost 0.x to 6. Everything else in it is ignored. */
import Type, { type Static } from 'typebox';

const Id = Type.Union([Type.String(), Type.Number()]);
const text = Type.Optional(Type.Union([Type.String(), Type.Null()]));
/** Ghost 0.x wrote milliseconds, later ones UTC without saying so. */
const instant = Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Null()]));
const order = Type.Optional(Type.Union([Type.Number(), Type.Null()]));

export const GhostPostSchema = Type.Object({
  id: Id,
  uuid: text,
  title: Type.String(),
  slug: text,
  html: text,
  lexical: text,
  mobiledoc: text,
  markdown: text,
  type: text,
  page: Type.Optional(Type.Union([Type.Boolean(), Type.Number(), Type.Null()])),
  status: text,
  visibility: text,
  feature_image: text,
  image: text,
  custom_excerpt: text,
  canonical_url: text,
  meta_title: text,
  meta_description: text,
  author_id: Type.Optional(Type.Union([Id, Type.Null()])),
  created_at: instant,
  updated_at: instant,
  published_at: instant,
});
export type GhostPost = Static<typeof GhostPostSchema>;

export const GhostMetaSchema = Type.Object({ post_id: Id, meta_title: text, meta_description: text });
export type GhostMeta = Static<typeof GhostMetaSchema>;

export const GhostTagSchema = Type.Object({
  id: Id,
  name: Type.String(),
  slug: text,
  description: text,
  visibility: text,
});
export type GhostTag = Static<typeof GhostTagSchema>;

export const GhostUserSchema = Type.Object({
  id: Id,
  name: Type.String(),
  slug: text,
  bio: text,
  website: text,
  profile_image: text,
  image: text,
});
export type GhostUser = Static<typeof GhostUserSchema>;

export const PostTagSchema = Type.Object({ post_id: Id, tag_id: Id, sort_order: order });
export const PostAuthorSchema = Type.Object({ post_id: Id, author_id: Id, sort_order: order });
