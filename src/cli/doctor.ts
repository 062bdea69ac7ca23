/** `broadsheet doctor`: checks what the blog stands on, and says how to mend what is wrong. */
import type { Command } from 'commander';
import { type Explanation, explainConfig } from '../config/loader.ts';
import { OperatorError } from '../errors.ts';
import { checkClock } from './checks/clock.ts';
import { checkDatabase } from './checks/database.ts';
import type { Finding } from './checks/finding.ts';
import { checkRedis } from './checks/redis.ts';
import { checkRuntime } from './checks/runtime.ts';
import { checkSettings } from './checks/settings.ts';
import { addSettingFlags, settingFlags } from './settings-flags.ts';
import { amount, print, styled } from './terminal.ts';

export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description('check settings, database, disk, Redis, clock and versions; each finding with its fix')
    .action(async () => {
      process.exitCode = await doctor(command);
    });
  addSettingFlags(command);
}

/** @returns the exit status: 1 when something would keep the blog from working */
async function doctor(command: Command): Promise<number> {
  const findings: Finding[] = [];
  const report = (added: readonly Finding[]): void => {
    findings.push(...added);
    for (const finding of added) print(describe(finding));
  };
  report(checkRuntime());
  const explanation = await explainConfig({ flags: settingFlags(command) }).catch(asFinding);
  if ('config' in explanation) {
    const { config } = explanation;
    report(await checkSettings(explanation));
    report(await checkDatabase(config.database));
    report(await checkRedis(config.cache.redisUrl));
    report(await checkClock(config.database));
  } else {
    report([explanation]);
  }
  const failures = findings.filter(({ level }) => level === 'failure').length;
  const warnings = findings.filter(({ level }) => level === 'warning').length;
  print(
    `\n${failures === 0 ? 'Nothing keeps the blog from working' : amount(failures, 'problem')}, ${amount(warnings, 'warning')}.`,
  );
  return failures > 0 ? 1 : 0;
}

function asFinding(error: unknown): Finding | Explanation {
  if (!(error instanceof OperatorError)) throw error;
  return { level: 'failure', subject: 'Settings', text: error.message };
}

const marks = {
  ok: { style: 'green', sign: '✓' },
  warning: { style: 'yellow', sign: '!' },
  failure: { style: 'red', sign: '✗' },
} as const;

function describe({ level, subject, text, fix }: Finding): string {
  const { style, sign } = marks[level];
  const indent = '\n    ';
  const lines = [`${styled(style, sign)} ${styled('bold', subject)}  ${text.replaceAll('\n', indent)}`];
  if (fix) lines.push(`Fix: ${fix}`);
  return lines.join(indent);
}
