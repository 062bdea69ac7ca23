/** What can go wrong in a database, said in one way for both of them. */

/** A unique constraint held: somebody else has that value. */
export class UniqueViolation extends Error {
  /** Such as `posts.slug`. */
  readonly column: string;

  constructor(column: string, options?: ErrorOptions) {
    super(`${column} is in use`, options);
    this.name = 'UniqueViolation';
    this.column = column;
  }
}
