/** The flags of settings, as the schema names them. */
import { type Command, Option } from 'commander';
import type { Flags } from '../config/layers.ts';
import { settings } from '../config/settings.ts';

const placeholders: Record<string, string> = {
  host: 'ADDRESS',
  port: 'NUMBER',
  database: 'URL',
  redis: 'URL',
  workers: 'N|auto',
  'log-level': 'LEVEL',
};

/** Gives a command the flags of all settings that have one, or of some. */
export function addSettingFlags(command: Command, only?: readonly string[]): Command {
  for (const { flag, flagSets, description, env } of settings) {
    if (!flag || (only && !only.includes(flag))) continue;
    const usage = flagSets ? `--${flag}` : `--${flag} <${placeholders[flag] ?? 'VALUE'}>`;
    command.addOption(new Option(usage, `${description.replaceAll('`', '')} (${env})`));
  }
  return command;
}

/** The settings among a command's options, by the names that the loader expects. */
export function settingFlags(command: Command): Flags {
  const values = command.opts<Record<string, string | boolean | undefined>>();
  return Object.fromEntries(
    command.options
      .map((option) => [option.name(), values[option.attributeName()]] as const)
      .filter(([name]) => settings.some(({ flag }) => flag === name)),
  );
}
