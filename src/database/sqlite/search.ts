/** Full-text search with FTS5 (https://sqlite.org/fts5.html). The index keeps the words, not a copy of the text. */
import { type RawBuilder, sql } from 'kysely';
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
    const words = queryWords(query).map((word) => `"${word}"`);
    const last = words.at(-1);
    if (last === undefined) return null;
    const exact = words.join(' ');
    const isCommon = sql`(${sql.join(words.map(isInManyPosts), sql` or `)})`;
    // Every word must occur; the last one may be the beginning of a word, unless it is a common word itself.
    const expression = sql`case when ${isInManyPosts(last)} then ${exact} else ${`${exact}*`} end`;
    // A cross join is done in the order in which it is written: the planner can't know how few the matches are.
    return sql<{ post_id: string; rank: number }>`(
      with newest as materialized (
        select rowid as seq from post_search where post_search match iif(${isCommon}, ${expression}, ${nothing})
        order by rowid desc limit ${sql.lit(manyPosts)}),
      candidate as (
        select rowid as seq, bm25(post_search, ${sql.lit(titleWeight)}, ${sql.lit(tagWeight)}, 1.0) as rank
        from post_search where post_search match iif(${isCommon}, ${nothing}, ${expression})
        union all
        select newest.seq, case when ${hasInTitle(queryWords(query))} then -1 else 0 end
        from newest cross join posts as titled on titled.seq = newest.seq)
      select matched.id as post_id, candidate.rank
      from candidate cross join posts as matched on matched.seq = candidate.seq)`.as('hit');
  },
};

/** An expression that matches no post. A condition beside `match` would be tested on every post that it finds. */
const nothing = '""';

/** A word of the title weighs as much as ten of the body, one of a tag as five. */
const titleWeight = 10;
const tagWeight = 5;

/**
 * A word is common when more posts have it. BM25 reads every post that has one of the words, 10 µs each, so a search
 * with a common word looks at this many of its newest matches instead (docs/decisions/search-at-scale.md).
 */
const manyPosts = 1000;

/** By the text: the index would look through all posts for those that have a common word in the title. */
function hasInTitle(words: readonly string[]): RawBuilder<unknown> {
  return sql.join(
    words.map((word) => sql`' ' || titled.title || ' ' like ${`% ${word} %`}`),
    sql` and `,
  );
}

/** Stops counting when it knows. */
function isInManyPosts(word: string): RawBuilder<unknown> {
  return sql`exists (select 1 from post_search where post_search match ${word} limit 1 offset ${sql.lit(manyPosts)})`;
}
