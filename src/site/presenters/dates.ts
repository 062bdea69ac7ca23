/** Points in time as templates get them. */
export interface DateView {
  /** RFC 3339, for `<time datetime>`. */
  iso: string;
  /** Such as `31 January 2026`. */
  text: string;
  year: number;
}

const longDate = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const monthName = new Intl.DateTimeFormat('en-GB', { month: 'long', timeZone: 'UTC' });

export function presentDate(iso: string): DateView {
  const date = new Date(iso);
  return { iso, text: longDate.format(date), year: date.getUTCFullYear() };
}

/** @param month 1 to 12 */
export function presentMonth(month: number): string {
  return monthName.format(new Date(Date.UTC(2000, month - 1, 1)));
}
