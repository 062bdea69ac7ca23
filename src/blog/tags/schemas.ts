import Type, { type Static } from 'typebox';

export const TagSchema = Type.Object(
  {
    slug: Type.String(),
    name: Type.String(),
    description: Type.Union([Type.String(), Type.Null()]),
    posts: Type.Integer({ description: 'Published posts with the tag.' }),
    url: Type.String({ description: 'Address of its page for readers.' }),
  },
  { additionalProperties: false, $id: 'Tag' },
);
export type TagJson = Static<typeof TagSchema>;
export type Tag = Omit<TagJson, 'url'>;

export const TagListSchema = Type.Object(
  { tags: Type.Array(TagSchema) },
  { additionalProperties: false, $id: 'TagList' },
);
