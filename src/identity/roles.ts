/** Owner: everything. Editor: all posts. Author: own posts. */
export const roles = ['owner', 'editor', 'author'] as const;
export type Role = (typeof roles)[number];
