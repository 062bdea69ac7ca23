import type { BlogSystem } from '../../src/app.ts';

/** Does at once what the background tasks would have done by `now` (RFC 3339): publishes the scheduled posts that are due. */
export async function publishDue({ posts }: Pick<BlogSystem, 'posts'>, now: string): Promise<void> {
  for (const { id } of await posts.scheduledUntil(now)) await posts.publish(id, now);
}
