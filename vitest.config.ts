import { defineConfig } from 'vitest/config';
import { findPostgres } from './test/support/postgres-server.ts';

/** Suites of what a database is behind: they run on both. */
const sharedSuites = [
  'src/identity/service.test.ts',
  'test/api/**/*.test.ts',
  'test/admin/pages.test.ts',
  'test/blog/**/*.test.ts',
  'test/cached-blog/**/*.test.ts',
  'test/database/shared/**/*.test.ts',
  'test/jobs/**/*.test.ts',
  'test/site/pages.test.ts',
  'test/transfer/round-trip.test.ts',
];
const postgresSuites = ['src/database/postgres/**/*.test.ts', 'test/database/postgres/**/*.test.ts'];
const hasPostgres = process.env['TEST_DATABASE_URL'] !== undefined || findPostgres() !== null;
if (!hasPostgres) {
  console.warn(
    'Tests on PostgreSQL are skipped: npm has no server for this platform. Set TEST_DATABASE_URL.',
  );
}

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'sqlite',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: postgresSuites,
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
      ...(hasPostgres
        ? [
            {
              extends: true as const,
              test: {
                name: 'postgres',
                include: [...sharedSuites, ...postgresSuites],
                globalSetup: ['test/support/global-setup.ts', 'test/support/postgres-setup.ts'],
              },
            },
          ]
        : []),
    ],
  },
});
