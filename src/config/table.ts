/** The settings as the tables of docs/settings.md, which a test holds equal to what this makes. */
import { expectation, type Setting, sections, settings } from './settings.ts';

/** Markdown: one table a section of the tree, in the order of the schema. */
export function settingsTable(): string {
  return sections
    .map((section) =>
      [
        `### ${section}`,
        '',
        '| variable | in the file | flag | default | must be | meaning |',
        '|---|---|---|---|---|---|',
        ...settings.filter((setting) => setting.section === section).map(row),
      ].join('\n'),
    )
    .join('\n\n');
}

function row(setting: Setting): string {
  const cells = [
    code(setting.env),
    code(setting.path),
    flagUsage(setting),
    showDefault(setting.keywords.default),
    expectation(setting.keywords),
    setting.description,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function flagUsage({ flag, flagSets }: Setting): string {
  if (!flag) return '';
  return code(flagSets ? `--${flag}` : `--${flag} VALUE`);
}

function showDefault(value: unknown): string {
  const isNothing = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  return isNothing ? 'none' : code(String(value));
}

function code(text: string): string {
  return `\`${text}\``;
}
