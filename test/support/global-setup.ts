/** Runs once before the test files: makes sure of the system's programs, and tells the tests where they are. */
import type { TestProject } from 'vitest/node';
import { ensureProgram, type ProgramName, programNames } from './system-programs.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of each system program; null where it is missing and can't be installed. */
    programs: Record<ProgramName, string | null>;
  }
}

export function setup(project: TestProject): void {
  const programs: Record<ProgramName, string | null> = { chromium: null, 'redis-server': null };
  for (const name of programNames) programs[name] = ensureProgram(name);
  project.provide('programs', programs);
}
