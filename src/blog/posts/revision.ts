/** What a revision keeps of a post: the fields that a writer edits, without address and publication. */
import type { Post } from './post.ts';
import type { PostPatch } from './schemas.ts';

export interface RevisionInfo {
  version: number;
  title: string;
  createdAt: string;
}

export function toSnapshot(post: Post): string {
  const patch: PostPatch = {
    title: post.title,
    content: post.content,
    format: post.format,
    excerpt: post.excerptIsCustom ? post.excerpt : null,
    tags: post.tags,
    featureImage: post.featureImage,
    canonicalUrl: post.canonicalUrl,
    metaTitle: post.metaTitle,
    metaDescription: post.metaDescription,
  };
  return JSON.stringify(patch);
}
