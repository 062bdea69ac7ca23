/** Where readers find things. */
export interface Addresses {
  post(slug: string): string;
  tag(slug: string): string;
  author(slug: string): string;
}

/** @param origin such as `https://blog.example.com`, without a slash at the end */
export function addressesAt(origin: string): Addresses {
  return {
    post: (slug) => `${origin}/${encodeURIComponent(slug)}/`,
    tag: (slug) => `${origin}/tag/${encodeURIComponent(slug)}/`,
    author: (slug) => `${origin}/author/${encodeURIComponent(slug)}/`,
  };
}
