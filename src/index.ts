/** What a program that embeds the blog imports. */
export { type BlogSystem, createBlogSystem } from './app.ts';
export type { Author } from './blog/authors/schemas.ts';
export type { ImportedPost, ImportOutcome, Post, PostPage, PostSummary } from './blog/posts/post.ts';
export type { PostCreate, PostListQuery, PostPatch } from './blog/posts/schemas.ts';
export { PostService as BlogService } from './blog/posts/service.ts';
export type { Tag } from './blog/tags/schemas.ts';
export type { CacheConfig, Config, ConfigInput, DatabaseConfig, PerformanceConfig } from './config/schema.ts';
export type { DatabaseManager } from './database/manager.ts';
export { BroadsheetError, type ErrorCode, errorCatalog, OperatorError } from './errors.ts';
