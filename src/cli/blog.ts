/** Opens the blog for a command that does one thing and ends. */
import type { Command } from 'commander';
import type { BlogSystem } from '../app.ts';
import { loadConfig } from '../config/loader.ts';
import type { Config } from '../config/schema.ts';
import { settingFlags } from './settings-flags.ts';

/** Runs `work` with the blog that the settings and the command's flags name, and closes it whatever happens. */
export async function withBlog<T>(command: Command, work: (blog: BlogSystem) => Promise<T>): Promise<T> {
  const config = await loadConfig({ flags: settingFlags(command) });
  // Loaded here and not above, so that --help doesn't wait for the whole program.
  const { createBlogSystem } = await import('../app.ts');
  const blog = await createBlogSystem(forOneCommand(config));
  try {
    return await work(blog);
  } finally {
    await blog.close();
  }
}

/** The command's own words are what its user wants to read, and jobs belong to nodes that stay. */
function forOneCommand(config: Config): Config {
  return {
    ...config,
    log: { ...config.log, level: config.log.level === 'info' ? 'warn' : config.log.level },
    performance: { ...config.performance, backgroundTasks: false },
  };
}
