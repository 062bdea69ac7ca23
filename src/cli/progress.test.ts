import { describe, expect, test } from 'vitest';
import { Progress, type ProgressStream } from './progress.ts';

class Recorder implements ProgressStream {
  written: string[] = [];
  readonly isTTY: boolean;
  readonly columns = 60;

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.written.push(text);
  }
}

const erase = '\r\u001B[2K';

function start(isTTY: boolean) {
  const stream = new Recorder(isTTY);
  const clock = { milliseconds: 0 };
  const progress = new Progress('item', stream, () => clock.milliseconds);
  return { stream, clock, progress };
}

describe('on a terminal', () => {
  test('draws a bar that fits, redraws it at most every 80 ms, and takes it away', () => {
    const { stream, clock, progress } = start(true);
    progress.update(50, 200);
    progress.update(60, 200);
    clock.milliseconds = 80;
    progress.update(200, 200);
    progress.finish();
    expect(stream.written).toHaveLength(3);
    expect(stream.written[0]?.replace(erase, '')).toMatch(/^█+░+ {2}50 of 200 items \(25 %\)$/);
    expect(stream.written[1]).toMatch(/█ {2}200 of 200 items \(100 %\)$/);
    expect(stream.written[2]).toBe(erase);
    expect(Math.max(...stream.written.map((text) => text.replace(erase, '').length))).toBeLessThan(60);
  });

  test('counts where the total is not known', () => {
    const { stream, progress } = start(true);
    progress.update(1, undefined);
    expect(stream.written).toEqual([`${erase}1 item`]);
  });

  test('makes room for a message', () => {
    const { stream, progress } = start(true);
    progress.update(1, 2);
    progress.interrupt(() => stream.write('skipped\n'));
    expect(stream.written.slice(1)).toEqual([erase, 'skipped\n']);
  });
});

describe('in a file or a pipe', () => {
  test('prints a plain line every five seconds', () => {
    const { stream, clock, progress } = start(false);
    for (clock.milliseconds = 0; clock.milliseconds <= 11_000; clock.milliseconds += 500) {
      progress.update(clock.milliseconds, 11_000);
    }
    progress.finish();
    expect(stream.written).toEqual(['5,000 of 11,000 items (45 %)\n', '10,000 of 11,000 items (90 %)\n']);
  });

  test('is silent about what is quickly done', () => {
    const { stream, progress } = start(false);
    progress.update(1, 1);
    progress.finish();
    expect(stream.written).toEqual([]);
  });
});
