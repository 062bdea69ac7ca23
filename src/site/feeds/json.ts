/** JSON Feed 1.1 (jsonfeed.org/version/1.1). */
import type { Feed, FeedItem } from './feed.ts';

export function writeJsonFeed(feed: Feed): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.title,
    home_page_url: feed.homeUrl,
    feed_url: feed.url,
    description: feed.description,
    language: feed.language,
    items: feed.items.map(makeItem),
  });
}

function makeItem(item: FeedItem): object {
  return {
    id: item.id,
    url: item.url,
    ...(item.externalUrl === null ? {} : { external_url: item.externalUrl }),
    title: item.title,
    content_html: item.html,
    summary: item.summary,
    ...(item.image === null ? {} : { image: item.image }),
    date_published: item.publishedAt,
    date_modified: item.updatedAt,
    authors: [item.author],
    tags: item.tags,
  };
}
