/** The program's log: JSON lines, without secrets. */
import pino, { type Logger } from 'pino';
import type { Config } from '../config/schema.ts';

/** Where a secret would stand if somebody logged a whole request, header set or input. */
const secretNames = ['authorization', 'cookie', 'set-cookie', 'password', 'token', 'adminToken'];

export function createLogger(config: Config['log']): Logger {
  return pino({
    level: config.level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: secretNames.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
      censor: '[redacted]',
    },
  });
}
