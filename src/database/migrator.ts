/** Brings a database to the schema of this program, and refuses one that is newer. */
import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { OperatorError } from '../errors.ts';
import { initial } from './migrations/0001-initial.ts';
import { jobs } from './migrations/0002-jobs.ts';
import type { ColumnTypes } from './migrations/column-types.ts';
import type { Tables } from './tables.ts';

export interface MigrationStatus {
  name: string;
  /** RFC 3339; null when it is still to be applied. */
  appliedAt: string | null;
}

export class SchemaMigrator {
  readonly #db: Kysely<Tables>;
  readonly #migrations: Record<string, Migration>;

  constructor(db: Kysely<Tables>, types: ColumnTypes) {
    this.#db = db;
    this.#migrations = { '0001-initial': initial(types), '0002-jobs': jobs(types) };
  }

  /** Applies what is missing. @returns the names of what was applied, in order. */
  async migrate(): Promise<string[]> {
    await this.refuseNewer();
    const { error, results } = await this.#migrator().migrateToLatest();
    if (error) {
      const failed = results?.find((result) => result.status === 'Error')?.migrationName ?? 'the migration';
      throw new OperatorError(
        `Migrating the database failed at ${failed}; it is unchanged. ${messageOf(error)}`,
        { cause: error },
      );
    }
    return (results ?? []).map((result) => result.migrationName);
  }

  async status(): Promise<MigrationStatus[]> {
    await this.refuseNewer();
    const known = await this.#migrator().getMigrations();
    return known.map(({ name, executedAt }) => ({ name, appliedAt: executedAt?.toISOString() ?? null }));
  }

  /** @throws OperatorError when the database was migrated by a later version of the program. */
  async refuseNewer(): Promise<void> {
    const tables = await this.#db.introspection.getTables({ withInternalKyselyTables: true });
    if (!tables.some((table) => table.name === 'kysely_migration')) return;
    const applied = await this.#db
      .withTables<{ kysely_migration: { name: string } }>()
      .selectFrom('kysely_migration')
      .select('name')
      .orderBy('name')
      .execute();
    const unknown = applied.filter((migration) => !(migration.name in this.#migrations));
    if (unknown.length === 0) return;
    throw new OperatorError(
      `The database is newer than this program: it has the migration ${unknown.at(-1)?.name}, which is not known here. ` +
        'Install the Broadsheet version that migrated it, or restore a backup from before.',
    );
  }

  #migrator(): Migrator {
    return new Migrator({ db: this.#db, provider: { getMigrations: async () => this.#migrations } });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
