import { chmod } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { runProgram } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const writer = fileURLToPath(new URL('./crash-writer.ts', import.meta.url));
/** Root may write everything, so the program runs as nobody there. */
const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

it.skipIf(process.platform === 'win32').each([
  ['the file', 0o777, 0o444],
  ['the file and its folder', 0o555, 0o444],
])(
  'refuses to start on a database when %s may only be read',
  async (_what, folderMode, fileMode) => {
    const folder = await temporaryFolder();
    const path = `${folder.path}/blog.db`;
    const database = await openDatabase({ url: `sqlite:${path}`, poolSize: 1, replicaUrls: [] });
    await database.migrate();
    await database.close();
    await chmod(path, fileMode);
    await chmod(folder.path, folderMode);
    const { code, output } = await runProgram(
      process.execPath,
      [writer, `sqlite:${path}`, '0', '1'],
      asNobody,
    );
    expect(code).not.toBe(0);
    expect(output).toContain(
      `OperatorError: DATABASE_URL: the file ${path} cannot be written. Give this user write access to the file and its folder.`,
    );
    await chmod(folder.path, 0o777);
  },
  30_000,
);
