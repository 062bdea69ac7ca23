import type { Addresses } from '../addresses.ts';
import type { Post, PostPage, PostSummary } from './post.ts';
import type { PostJson, PostListJson } from './schemas.ts';

export function presentPost(
  { excerptIsCustom: _, ...post }: PostSummary | Post,
  addresses: Addresses,
): PostJson {
  return { ...post, url: addresses.post(post.slug) };
}

export function presentPage(page: PostPage<PostSummary | Post>, addresses: Addresses): PostListJson {
  return { ...page, posts: page.posts.map((post) => presentPost(post, addresses)) };
}
