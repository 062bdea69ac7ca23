import Type, { type Static } from 'typebox';

const nullableString = Type.Union([Type.String(), Type.Null()]);

export const AuthorSchema = Type.Object(
  {
    slug: Type.String(),
    name: Type.String(),
    bio: nullableString,
    image: nullableString,
    website: nullableString,
    posts: Type.Integer({ description: 'Published posts of the author.' }),
    url: Type.String({ description: 'Address of the page for readers.' }),
  },
  { additionalProperties: false, $id: 'Author' },
);
export type AuthorJson = Static<typeof AuthorSchema>;
export type Author = Omit<AuthorJson, 'url'>;

export const AuthorListSchema = Type.Object(
  { authors: Type.Array(AuthorSchema) },
  { additionalProperties: false, $id: 'AuthorList' },
);
