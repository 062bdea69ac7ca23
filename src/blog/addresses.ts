/** Where readers find things. */
export interface Addresses {
  post(slug: string): string;
  tag(slug: string): string;
  author(slug: string): string;
}

/** @param origin holds such as `https://blog.example.com`, without a slash at the end */
export function addressesAt(origin: { readonly value: string }): Addresses {
  return {
    post: (slug) => `${origin.value}/${encodeURIComponent(slug)}/`,
    tag: (slug) => `${origin.value}/tag/${encodeURIComponent(slug)}/`,
    author: (slug) => `${origin.value}/author/${encodeURIComponent(slug)}/`,
  };
}
