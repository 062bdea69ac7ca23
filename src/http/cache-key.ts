/** One form for all ways to write the same request, so that nobody fills the cache with spellings of one page. */

/**
 * The query parameters that lead to another answer, in one spelling. Others are no part of the key: a campaign's mark, say.
 * `all`: the route's own schema refuses what it doesn't know.
 */
export type MeaningfulQuery = 'all' | readonly string[] | ((query: QueryValues) => Record<string, string>);

/** The first value of each parameter, as text. */
export type QueryValues = Readonly<Record<string, string | undefined>>;

export interface RequestForm {
  path: string;
  /** Without the question mark; empty when nothing in it matters. */
  query: string;
}

export function normalize(
  request: { url: string; query: unknown },
  meaningful: MeaningfulQuery,
): RequestForm {
  const [path = '/'] = request.url.split('?', 1);
  const values = firstValues(request.query);
  const chosen = typeof meaningful === 'function' ? meaningful(values) : pick(values, meaningful);
  const query = new URLSearchParams(chosen);
  query.sort();
  return { path: path.split('/').map(respell).join('/'), query: query.toString() };
}

function pick(values: QueryValues, names: 'all' | readonly string[]): Record<string, string> {
  const chosen: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && (names === 'all' || names.includes(name))) chosen[name] = value;
  }
  return chosen;
}

export function firstValues(query: unknown): QueryValues {
  if (query === null || typeof query !== 'object') return {};
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, String(Array.isArray(value) ? value[0] : value)]),
  );
}

function respell(segment: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(segment));
  } catch {
    return segment;
  }
}
