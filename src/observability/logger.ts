/** The program's log: JSON lines, or lines to read on a terminal; without secrets. */
import pino, { type DestinationStream, type Logger } from 'pino';
import type { Config } from '../config/schema.ts';
import { prettyLine } from './pretty.ts';
import { lineRedactor } from './secrets.ts';

/** @param destination where the lines go: standard output, readable where that is a terminal */
export function createLogger(config: Config, destination: DestinationStream = standardOutput()): Logger {
  const redact = lineRedactor(config);
  return pino(
    {
      level: config.log.level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: redact },
    },
    destination,
  );
}

function standardOutput(): DestinationStream {
  if (!process.stdout.isTTY) return pino.destination(1);
  return { write: (line) => process.stdout.write(prettyLine(line)) };
}
