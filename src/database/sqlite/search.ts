/** Full-text search with FTS5 (https://sqlite.org/fts5.html). The index keeps the words, not a copy of the text. */
import { sql } from 'kysely';
import { queryWords, type SearchIndex } from '../search.ts';

export const sqliteSearch: SearchIndex = {
  async put(trx, postId, document) {
    await sql`insert or replace into post_search (rowid, title, tags, body)
      select seq, ${document.title}, ${document.tags.join(' ')}, ${document.text} from posts where id = ${postId}`.execute(
      trx,
    );
  },

  async remove(trx, postId) {
    await sql`delete from post_search where rowid = (select seq from posts where id = ${postId})`.execute(
      trx,
    );
  },

  hits(query) {
    const expression = matchExpression(query);
    if (expression === null) return null;
    // A word of the title weighs as much as ten of the body, one of a tag as five.
    return sql<{ post_id: string; rank: number }>`(
      select matched.id as post_id, bm25(post_search, 10.0, 5.0, 1.0) as rank
      from post_search join posts as matched on matched.seq = post_search.rowid
      where post_search match ${expression})`.as('hit');
  },
};

/**
 * What a person typed, as an FTS5 expression: every word must occur, the last one may be the beginning of a word.
 * Each word is quoted, so that none of FTS5's operators is reachable.
 */
function matchExpression(query: string): string | null {
  const words = queryWords(query);
  if (words.length === 0) return null;
  return `${words.map((word) => `"${word}"`).join(' ')}*`;
}
