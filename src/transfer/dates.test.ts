import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDate } from './dates.ts';

test.each([
  ['2024-01-02', '2024-01-02T00:00:00.000Z'],
  ['2024/01/02 3:04', '2024-01-02T03:04:00.000Z'],
  ['2024-01-02 10:00:00 +0200', '2024-01-02T08:00:00.000Z'],
  ['2024-01-02T10:00:00-05:30', '2024-01-02T15:30:00.000Z'],
  ['2024-01-02T10:00:00.123456Z', '2024-01-02T10:00:00.123Z'],
  ['2024-01-02T10:00', '2024-01-02T10:00:00.000Z'],
  ['Jul 08 2022', '2022-07-08T00:00:00.000Z'],
  ['8 July 2022', '2022-07-08T00:00:00.000Z'],
  ['January 3rd, 2024', '2024-01-03T00:00:00.000Z'],
  ['Tue, 27 Jan 2015 14:56:57 +0000', '2015-01-27T14:56:57.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['0099-05-06', '0099-05-06T00:00:00.000Z'],
])('%s is %s', (written, instant) => {
  expect(parseDate(written)).toBe(instant);
});

test.each([
  '2024-02-30',
  '2023-02-29',
  '2024-13-01',
  '2024-00-10',
  '2024-01-00',
  '2024-01-01 24:00',
  '2024-01-01 10:60',
  '2024-01-01 10:00 +9999',
  'Foo 3 2024',
  '0000-01-01',
  'yesterday',
  '2024-01-02-03',
  '',
  '1e9',
])('%s is refused with its line', (written) => {
  expect(() => parseDate(written, 4)).toThrow(expect.objectContaining({ name: 'ItemError', line: 4 }));
});

test('any instant survives being written with any offset', () => {
  const instants = fc.date({ min: new Date('0001-01-03'), max: new Date('9999-12-29'), noInvalidDate: true });
  fc.assert(
    fc.property(instants, fc.integer({ min: -14 * 60, max: 14 * 60 }), (instant, offset) => {
      const local = new Date(instant.getTime() + offset * 60_000).toISOString().slice(0, -1);
      const digits = (value: number) => String(value).padStart(2, '0');
      const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
      const zone = `${offset < 0 ? '-' : '+'}${digits(hours)}:${digits(minutes)}`;
      expect(parseDate(`${local}${zone}`)).toBe(instant.toISOString());
    }),
  );
});
