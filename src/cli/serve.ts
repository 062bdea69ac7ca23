/** `broadsheet serve`: serves the blog until it is told to stop. */
import type { Command } from 'commander';
import type { BlogSystem } from '../app.ts';
import { loadConfig } from '../config/loader.ts';
import { addSettingFlags, settingFlags } from './settings-flags.ts';
import { type StopSignal, stopSignal } from './stop-signal.ts';
import { print, styled } from './terminal.ts';

export function addServe(program: Command): void {
  const command = program
    .command('serve')
    .description('serve the blog; migrates the database first, and prints where to look')
    .action(() => serve(command));
  addSettingFlags(command);
}

async function serve(command: Command): Promise<void> {
  const config = await loadConfig({ flags: settingFlags(command) });
  const { createBlogSystem } = await import('../app.ts');
  // From here on, so that a signal during the start ends in an orderly stop as well.
  const stop = stopSignal();
  try {
    const blog = await createBlogSystem(config);
    await serveUntil(stop, blog).finally(() => blog.close());
  } finally {
    stop.dispose();
  }
}

async function serveUntil(stop: StopSignal, blog: BlogSystem): Promise<void> {
  const { address } = await blog.listen();
  await welcome(blog, browsable(address));
  const signal = await stop.received;
  print(`${signal}: finishing what is in flight; once more to stop at once.`);
}

async function welcome(blog: BlogSystem, here: string): Promise<void> {
  const origin = blog.config.site.url ?? here;
  const setup = await blog.identity.beginSetup();
  const lines = [
    ['Blog', `${origin}/`],
    ...(origin === here ? [] : [['Listening', here]]),
    ['Admin', `${origin}/admin/`],
    ...(setup ? [['Set up', `${origin}/admin/setup?token=${setup}`]] : []),
  ];
  print();
  for (const [name = '', value = ''] of lines)
    print(`  ${styled('bold', name.padEnd(9))}  ${styled('cyan', value)}`);
  if (setup) print('\n  The set-up link works once: it makes the owner of this blog.');
  if (blog.config.auth.mode === 'open')
    print('\n  AUTH=open: whoever uses this machine can write without a token.');
  print('\n  Ctrl-C stops it.\n');
}

/** What a browser on this machine can open: where the blog listens on all addresses, that is the loopback one. */
function browsable(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}
