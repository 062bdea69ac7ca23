import { readFileSync } from 'node:fs';

/** The program's version, from the package that it is in; `..` is right for the sources and for the build. */
export const version: string = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
).version;
