/**
 * Runs the tour of a Markdown page as a reader would who types it in.
 *
 * Fenced blocks marked `sh tour` are the commands, in order, typed into one shell. A block marked `text tour` after one
 * holds lines that its output must contain, where `…` stands for anything. A block marked `sh tour start` is how the
 * blog is started, in another terminal; `npm start` without one.
 */
export interface TourStep {
  commands: string;
  /** Lines of which each must be in the output. */
  expected: string[];
}

export interface Tour {
  start: string;
  steps: TourStep[];
}

const fence = /^```(sh tour start|sh tour|text tour)\n(.*?)^```$/gms;

/** Reads the tour of a page; throws where a block of output follows no commands. */
export function parseTour(markdown: string): Tour {
  const tour: Tour = { start: 'npm start', steps: [] };
  for (const [, kind, body = ''] of markdown.matchAll(fence)) {
    if (kind === 'sh tour start') tour.start = body.trim();
    else if (kind === 'sh tour') tour.steps.push({ commands: body, expected: [] });
    else expectedOf(tour).push(...body.split('\n').filter((line) => line.trim() !== ''));
  }
  return tour;
}

function expectedOf(tour: Tour): string[] {
  const step = tour.steps.at(-1);
  if (!step) throw new Error('a `text tour` block must follow a `sh tour` block');
  return step.expected;
}

/** The tour with another address for the blog than the one of the documentation. */
export function moveTour({ start, steps }: Tour, port: number): Tour {
  const move = (text: string) => text.replaceAll(/\b(127\.0\.0\.1|localhost):8000\b/g, `$1:${port}`);
  return {
    start: move(start),
    steps: steps.map((step) => ({ commands: move(step.commands), expected: step.expected.map(move) })),
  };
}

const boundary = 'tour step ended: ';

/** One script that runs the steps in one shell, stops at the first that fails, and marks where each one ends. */
export function tourScript({ steps }: Tour): string {
  const lines = steps.map((step, index) => `${step.commands.trimEnd()}\nprintf '\\n${boundary}${index}\\n'`);
  return ['set -euo pipefail', ...lines, ''].join('\n');
}

/** What is wrong with what the script printed: one line a problem, none when the tour went well. */
export function tourProblems({ steps }: Tour, output: string): string[] {
  const outputs = output.split(new RegExp(`\\n${boundary}\\d+\\n`));
  return steps.flatMap((step, index) => {
    const printed = outputs[index] ?? '';
    if (index >= outputs.length - 1)
      return index === outputs.length - 1 ? [`failed: ${step.commands}${printed}`] : [];
    return step.expected
      .filter((line) => !linePattern(line).test(printed))
      .map((line) => `not printed by ${step.commands.trim()}: ${line}\nbut: ${printed.trim()}`);
  });
}

function linePattern(line: string): RegExp {
  return new RegExp(line.trim().split('…').map(RegExp.escape).join('.*'));
}
