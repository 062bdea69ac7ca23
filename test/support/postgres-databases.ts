/** Makes and drops databases of tests on a PostgreSQL server. */
import { Client } from 'pg';

/** Runs a statement in the database that TEST_DATABASE_URL names, or in `postgres`. */
export async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: administrationUrl(serverUrl) });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

function administrationUrl(serverUrl: string): string {
  const url = new URL(serverUrl);
  return url.pathname.length > 1 ? url.href : databaseUrl(serverUrl, 'postgres');
}
