/** What the admin pages need from the rest of the program. The blog's services fit as they are. */
import type { Post, PostPage } from '../blog/posts/post.ts';
import type { PostCreate, PostListQuery, PostPatch } from '../blog/posts/schemas.ts';
import type { Config } from '../config/schema.ts';
import type { ContentRenderer } from '../content/renderer.ts';
import type { Principal } from '../identity/principal.ts';
import type { IdentityService } from '../identity/service.ts';

/** The versions that a change is meant for; any other is a `version_conflict`. */
export interface IfVersion {
  ifVersion?: readonly number[];
}

export interface AdminPosts {
  list(query: PostListQuery, viewer: Principal): Promise<PostPage>;
  /** Throws `post_not_found`. */
  find(idOrSlug: string, viewer: Principal): Promise<Post>;
  create(input: PostCreate, actor: Principal): Promise<Post>;
  update(id: string, patch: PostPatch, options: IfVersion, actor: Principal): Promise<Post>;
  delete(id: string, options: IfVersion, actor: Principal): Promise<void>;
  /** Newest first. Throws where the actor may not edit the post. */
  revisions(id: string, actor: Principal): Promise<{ version: number; title: string; createdAt: string }[]>;
  restoreRevision(id: string, version: number, options: IfVersion, actor: Principal): Promise<Post>;
}

export interface AdminTerms {
  list(): Promise<{ slug: string; name: string; posts: number }[]>;
}

export interface AdminPorts {
  config: Pick<Config, 'site' | 'http'>;
  posts: AdminPosts;
  tags: AdminTerms;
  authors: AdminTerms;
  identity: IdentityService;
  renderer: Pick<ContentRenderer, 'render'>;
}
