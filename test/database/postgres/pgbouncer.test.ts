/** A blog behind PgBouncer in transaction mode: each transaction may get another connection of the server. */
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBlogSystem } from '../../../src/app.ts';
import { openDatabase } from '../../../src/database/open.ts';
import { freePort } from '../../support/free-port.ts';
import { findPostgres, nobody, type PostgresServer, startPostgres } from '../../support/postgres-server.ts';
import { type RunningProgram, startProgram } from '../../support/program.ts';
import { findOnPath } from '../../support/system-programs.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.ts';

/** Not installed on its own, as other programs are: its package starts a service. */
const pgbouncer = findOnPath(['pgbouncer'], `${process.env['PATH']}:/usr/sbin`);

describe.skipIf(pgbouncer === null || findPostgres() === null)(
  'behind PgBouncer (where it is installed)',
  () => {
    let server: PostgresServer;
    let pooler: RunningProgram;
    let folder: TemporaryFolder;
    let url: string;

    beforeAll(async () => {
      server = await startPostgres();
      folder = await createTemporaryFolder();
      await chmod(folder.path, 0o777);
      const port = await freePort();
      const file = join(folder.path, 'pgbouncer.ini');
      // Three connections of the server for all, so that they are passed from hand to hand.
      const settings = {
        listen_addr: '127.0.0.1',
        listen_port: port,
        unix_socket_dir: '',
        auth_type: 'any',
        pool_mode: 'transaction',
        default_pool_size: 3,
      };
      const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
      const target = `* = user=postgres host=127.0.0.1 port=${new URL(server.url).port}`;
      await writeFile(file, ['[databases]', target, '[pgbouncer]', ...lines, ''].join('\n'));
      pooler = startProgram(pgbouncer ?? '', [file], process.getuid?.() === 0 ? nobody : {});
      await pooler.printed(/process up/);
      url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    });
    afterAll(async () => {
      await pooler.stop('SIGKILL');
      await server.stop();
      await folder.remove();
    });

    it('migrates once, writes side by side and reads what was written', async () => {
      const nodes = await Promise.all(
        [1, 2, 3].map(() => openDatabase({ url, poolSize: 2, replicaUrls: [] })),
      );
      const applied = await Promise.all(nodes.map((node) => node.migrate()));
      expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
      for (const node of nodes) await node.close();

      const blog = await createBlogSystem({
        database: { url, poolSize: 10 },
        log: { level: 'silent' },
        performance: { backgroundTasks: false },
      });
      try {
        const created = await Promise.all(
          Array.from({ length: 40 }, (_, n) =>
            blog.posts.create({ title: `Post ${n % 5}`, content: 'x', tags: ['all'] }),
          ),
        );
        expect(new Set(created.map(({ slug }) => slug)).size).toBe(40);
        await Promise.all(created.slice(0, 20).map(({ id }) => blog.posts.update(id, { title: 'Renamed' })));
        expect((await blog.posts.list({ tag: 'all' })).total).toBe(40);
        expect((await blog.posts.list({ q: 'renamed' })).total).toBe(20);
      } finally {
        await blog.close();
      }
    });
  },
);
