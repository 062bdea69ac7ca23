import { expect, it } from 'vitest';
import { runProgram } from './program.ts';
import { moveTour, parseTour, tourProblems, tourScript } from './tour.ts';

const page = (...blocks: [kind: string, body: string][]) =>
  blocks.map(([kind, body]) => `Text.\n\n\`\`\`${kind}\n${body}\n\`\`\`\n`).join('\n');

/** Runs the tour of a page and returns what was wrong with it. */
async function take(markdown: string): Promise<string[]> {
  const tour = parseTour(markdown);
  const { output } = await runProgram('bash', ['-c', tourScript(tour)]);
  return tourProblems(tour, output);
}

it('runs the marked blocks in one shell, and no others', async () => {
  const markdown = page(
    ['sh tour', 'name=World'],
    ['sh', 'exit 1'],
    ['sh tour', 'echo Hello $name'],
    ['text tour', 'Hello World'],
  );
  expect(await take(markdown)).toEqual([]);
});

it('reports a line that was not printed, and only that', async () => {
  const markdown = page(['sh tour', 'echo one; echo "id 17 made"'], ['text tour', 'one\nid … made\ntwo']);
  const problems = await take(markdown);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('not printed by echo one');
  expect(problems[0]).toContain(': two');
});

it('does not take the output of another step for the expected one', async () => {
  const markdown = page(['sh tour', 'echo one'], ['sh tour', 'echo two'], ['text tour', 'one']);
  expect(await take(markdown)).toHaveLength(1);
});

it.each(['false', 'false | cat', 'echo $unset'])('stops at a command that fails: %s', async (command) => {
  const problems = await take(page(['sh tour', 'echo one'], ['sh tour', command], ['sh tour', 'echo three']));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`failed: ${command}`);
});

it('moves the tour to another port, and reads how the blog is started', () => {
  const markdown = page(
    ['sh tour start', 'npm start -- --open'],
    ['sh tour', 'curl localhost:8000/posts'],
    ['text tour', 'http://127.0.0.1:8000/a/'],
  );
  expect(moveTour(parseTour(markdown), 9001)).toEqual({
    start: 'npm start -- --open',
    steps: [{ commands: 'curl localhost:9001/posts\n', expected: ['http://127.0.0.1:9001/a/'] }],
  });
});
