import type { Finding } from './finding.ts';

const oldestNode = 24;

/** The versions that the program runs on. */
export function checkRuntime(versions: NodeJS.ProcessVersions = process.versions): Finding[] {
  const text = `Node.js ${versions.node}, SQLite ${versions['sqlite'] ?? 'missing'}, ${process.platform} ${process.arch}`;
  const isNewEnough = Number(versions.node.split('.')[0]) >= oldestNode && versions['sqlite'] !== undefined;
  if (isNewEnough) return [{ level: 'ok', subject: 'Versions', text }];
  return [
    {
      level: 'failure',
      subject: 'Versions',
      text,
      fix: `install Node.js ${oldestNode} or newer, which has SQLite inside`,
    },
  ];
}
