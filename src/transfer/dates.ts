/** Points in time as blogs write them: RFC 3339, `2024-01-02 10:00:00 +0200`, RFC 2822, `Jul 08 2022`. */
import { ItemError } from './report.ts';

const zone = String.raw`(?:\s*(?<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?`;
const time = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?)?`;
const numeric = new RegExp(
  String.raw`^(?<year>\d{4})(?<sep>[-/])(?<month>\d{1,2})\k<sep>(?<day>\d{1,2})(?:(?:T|\s+)${time}${zone})?$`,
  'i',
);
const named = new RegExp(
  String.raw`^(?:[a-z]{3,9},?\s+)?(?:(?<day1>\d{1,2})(?:st|nd|rd|th)?\s+(?<name1>[a-z]{3,9})|(?<name2>[a-z]{3,9})\s+(?<day2>\d{1,2})(?:st|nd|rd|th)?),?\s+(?<year>\d{4})(?:,?\s+${time}${zone})?$`,
  'i',
);
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Reads a date, with or without a time. What names no zone is taken as UTC.
 *
 * @param line for the error
 * @returns RFC 3339 in UTC with milliseconds
 * @throws ItemError for what is not a date, or not one of the calendar, such as 30 February
 */
export function parseDate(value: unknown, line?: number): string {
  // TOML has dates of its own; they print as they were written.
  const text = value instanceof Date ? value.toISOString() : String(value).trim();
  const parts = (numeric.exec(text) ?? named.exec(text))?.groups;
  if (!parts) throw new ItemError(`\`${text.slice(0, 60)}\` is not a date`, line);
  const instant = instantOf(parts);
  if (instant === null) throw new ItemError(`\`${text}\` is not a possible date or time`, line);
  return instant.toISOString();
}

function instantOf(parts: Record<string, string | undefined>): Date | null {
  const { year, month, name1, name2, day, day1, day2, hour, minute, second, fraction, zone: offset } = parts;
  const monthIndex = month === undefined ? monthOf(name1 ?? name2 ?? '') : Number(month) - 1;
  const dayOfMonth = Number(day ?? day1 ?? day2);
  const [hours, minutes, seconds] = [Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  const midnight = new Date(0);
  midnight.setUTCFullYear(Number(year), monthIndex, dayOfMonth);
  // A day that the month does not have rolls over into the next one.
  if (monthIndex < 0 || midnight.getUTCMonth() !== monthIndex || midnight.getUTCDate() !== dayOfMonth)
    return null;
  const shift = offsetMinutes(offset);
  if (shift === null || Number(year) === 0) return null;
  const milliseconds = Number((fraction ?? '').slice(0, 3).padEnd(3, '0'));
  const instant = new Date(
    midnight.getTime() + ((hours * 60 + minutes - shift) * 60 + seconds) * 1000 + milliseconds,
  );
  return instant.getUTCFullYear() > 9999 ? null : instant;
}

function monthOf(name: string): number {
  return months.indexOf(name.slice(0, 3).toLowerCase());
}

function offsetMinutes(offset: string | undefined): number | null {
  const parts = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset ?? '');
  if (!parts) return 0;
  const [hours, minutes] = [Number(parts[2]), Number(parts[3] ?? 0)];
  if (hours > 23 || minutes > 59) return null;
  return (hours * 60 + minutes) * (parts[1] === '-' ? -1 : 1);
}
