/** Full-text search with a tsvector and a GIN index (https://www.postgresql.org/docs/current/textsearch.html). */
import { sql } from 'kysely';
import { queryWords, type SearchIndex, wordsOf } from '../search.ts';

/** A tsvector holds at most 1 MiB of words and positions; what a text has beyond this is not found. */
const maxBytes = 900_000;
/** What a word needs besides its letters: a count and a position. */
const bytesPerWord = 6;

export const postgresSearch: SearchIndex = {
  async put(trx, postId, { title, tags, text }) {
    await sql`insert into post_search (post_id, words)
      select ${postId}::uuid,
        setweight(to_tsvector('broadsheet', ${plain(title)}), 'A') ||
        setweight(to_tsvector('broadsheet', ${plain(tags.join(' '))}), 'B') ||
        setweight(to_tsvector('broadsheet', ${plain(text)}), 'C')
      on conflict (post_id) do update set words = excluded.words`.execute(trx);
  },

  async remove() {
    // Goes with its post, by the foreign key.
  },

  hits(query) {
    const words = queryWords(withoutDiacritics(query));
    if (words.length === 0) return null;
    // Every word must occur, the last one may be the beginning of a word. Quoted, none is taken for an operator.
    const expression = `${words.map((word) => `'${word}'`).join(' & ')}:*`;
    // Weights of D, C, B, A, in the proportions that SQLite's index has; more words in common rank lower.
    return sql<{ post_id: string; rank: number }>`(
      select post_id, -ts_rank('{0.1, 0.1, 0.5, 1.0}', words, query) as rank
      from post_search, to_tsquery('broadsheet', ${expression}) as query
      where words @@ query)`.as('hit');
  },
};

/** Words between spaces: PostgreSQL's own parser would keep `example.com` or `a/b` as one. */
function plain(text: string): string {
  const words: string[] = [];
  let bytes = 0;
  for (const word of wordsOf(withoutDiacritics(text))) {
    bytes += Buffer.byteLength(word) + bytesPerWord;
    if (bytes > maxBytes) break;
    words.push(word);
  }
  return words.join(' ');
}

function withoutDiacritics(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .normalize('NFC');
}
