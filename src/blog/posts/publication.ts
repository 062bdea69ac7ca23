/** Which status a post gets from what its writer asked for. */
import type { NewJob } from '../../jobs/job.ts';
import { inputError } from '../../validation/validator.ts';
import type { PostStatus } from './schemas.ts';

export interface Publication {
  status: PostStatus;
  publishedAt: string | null;
}

export interface PublicationRequest {
  status?: PostStatus | undefined;
  /** RFC 3339 with any offset; null is the same as absent. */
  publishedAt?: string | null | undefined;
}

/**
 * Published unless said otherwise; a time in the future makes it scheduled.
 *
 * @param current what the post is now; null for a new one
 * @param now RFC 3339 UTC
 * @throws BroadsheetError `validation_failed` for a schedule without a time to come
 */
export function decidePublication(
  request: PublicationRequest,
  current: Publication | null,
  now: string,
): Publication {
  const asked = request.publishedAt ? normalizeInstant(request.publishedAt, '/publishedAt') : null;
  const status = request.status ?? (current?.status === 'draft' ? 'draft' : 'published');
  if (status === 'draft') return { status, publishedAt: asked ?? current?.publishedAt ?? null };
  const publishedAt = asked ?? timeToKeep(request.status, current, now);
  const isFuture = publishedAt > now;
  if (request.status === 'scheduled' && !isFuture) {
    throw inputError('validation_failed', [
      { path: '/publishedAt', message: 'must be in the future for a scheduled post' },
    ]);
  }
  return { status: isFuture ? 'scheduled' : 'published', publishedAt };
}

/** Publishing by hand what was scheduled means now; a post that was public before keeps its date. */
function timeToKeep(requested: PostStatus | undefined, current: Publication | null, now: string): string {
  if (current?.publishedAt == null) return now;
  const isForced = requested === 'published' && current.publishedAt > now;
  return isForced ? now : current.publishedAt;
}

export const publishTask = 'publish-post';

/** What makes a scheduled post public at its time. @param publishedAt RFC 3339 */
export function publishJob(id: string, publishedAt: string): NewJob {
  return {
    task: publishTask,
    key: `${publishTask}:${id}`,
    payload: { post: id },
    dueAt: Date.parse(publishedAt),
  };
}

/** RFC 3339 with any offset, as UTC with milliseconds: one form, which sorts as text. */
export function normalizeInstant(text: string, path: string): string {
  const time = new Date(text);
  const year = Number.isNaN(time.getTime()) ? Number.NaN : time.getUTCFullYear();
  if (year >= 1 && year <= 9999) return time.toISOString();
  throw inputError('validation_failed', [
    { path, message: 'must be a time in RFC 3339, such as 2026-01-31T12:00:00Z' },
  ]);
}
