/** Puts the commands together, runs the one that was asked for, and turns what goes wrong into one message. */
import { Command, CommanderError } from 'commander';
import { version } from '../version.ts';
import { addBackup, addRestore } from './backup.ts';
import { addCopy } from './copy.ts';
import { addDoctor } from './doctor.ts';
import { addExport } from './export.ts';
import { explainFailure } from './failure.ts';
import { addImport } from './import.ts';
import { addJobs } from './jobs.ts';
import { addMigrate } from './migrate.ts';
import { addServe } from './serve.ts';
import { addToken } from './token.ts';
import { addUser } from './user.ts';

/**
 * Runs a command line, without the program's name.
 *
 * @example process.exitCode = await run(['serve', '--port', '9000']);
 * @returns the exit status: 0, or 1 after a message on standard error
 */
export async function run(words: readonly string[]): Promise<number> {
  // A reader that has seen enough, such as `head`, closes the pipe: no reason to complain.
  process.stdout.on('error', (error) => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1));
  try {
    process.exitCode = 0;
    await buildProgram().parseAsync(words.length === 0 ? ['--help'] : words, { from: 'user' });
    return Number(process.exitCode);
  } catch (error) {
    // Commander has written its message, or the help, itself.
    if (error instanceof CommanderError) return error.exitCode;
    process.stderr.write(`broadsheet: ${explainFailure(error)}\n`);
    return 1;
  }
}

function buildProgram(): Command {
  const program = new Command('broadsheet')
    .description('A self-hosted blog that stays fast and up when a post goes viral.')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help, or that of a command')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, 'broadsheet: ')),
    })
    .showHelpAfterError('Add --help for what is possible.')
    .exitOverride();
  for (const add of [
    addServe,
    addMigrate,
    addImport,
    addExport,
    addBackup,
    addRestore,
    addCopy,
    addJobs,
    addToken,
    addUser,
    addDoctor,
  ])
    add(program);
  return program.addHelpText(
    'after',
    '\nSettings come from flags, environment variables and broadsheet.config.{ts,js,json}; docs/settings.md lists them.' +
      '\nTo begin: broadsheet serve',
  );
}
