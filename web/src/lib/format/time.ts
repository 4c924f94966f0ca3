/** Instants as people read them: how long ago, and exactly when. */

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60]
];

const SHORT: Record<string, string> = {
  year: 'y',
  month: 'mo',
  week: 'w',
  day: 'd',
  hour: 'h',
  minute: 'm'
};

/** `3 hours ago`; anything under a minute is `just now`. `now` is in milliseconds. */
export function ago(date: string, now: number): string {
  const found = largestUnit(date, now);
  if (!found) return 'just now';
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
  return words.format(-found.count, found.unit);
}

/** `3h`, for the columns of a dense list. */
export function age(date: string, now: number): string {
  const found = largestUnit(date, now);
  return found ? `${found.count}${SHORT[found.unit]}` : 'now';
}

function largestUnit(date: string, now: number) {
  const seconds = (now - Date.parse(date)) / 1000;
  for (const [unit, length] of UNITS) {
    if (seconds >= length) return { unit, count: Math.floor(seconds / length) };
  }
  return null;
}

/** `21 Nov 2026, 02:14:09 CET`, in the reader's time zone. */
export function exact(date: string): string {
  return new Date(date).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short'
  });
}

/** `21 Nov 02:14:09`, in the reader's time zone: one of many in a table. */
export function moment(date: string): string {
  return `${day(Date.parse(date) / 1000)} ${clock(date).slice(0, 8)}`;
}

/** The server's words, with the instants in them as the reader has them. */
export const localised = (text: string): string =>
  text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (instant) => exact(instant));

/** `02:14:09.120`: the breadcrumbs of one event mostly share their day. */
export function clock(date: string): string {
  return new Date(date).toLocaleTimeString('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3
  });
}

const DAY = 86_400;

/** A bucket of a chart, `21 Nov 02:00` for an hour and `21 Nov` for a day. */
export function bucket(unixSeconds: number, width: number): string {
  return width < DAY ? `${day(unixSeconds)} ${hour(unixSeconds)}` : day(unixSeconds, 'UTC');
}

/** The label of a bucket on an axis of `span` seconds: the hour within a day, else the day. */
export function tick(unixSeconds: number, width: number, span: number): string {
  if (span <= DAY * 1.5 && width < DAY) return hour(unixSeconds);
  return day(unixSeconds, width < DAY ? undefined : 'UTC');
}

const hour = (unixSeconds: number) =>
  new Date(unixSeconds * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

/** Buckets of a day start at midnight UTC: in any other zone they would show two dates. */
const day = (unixSeconds: number, timeZone?: string) =>
  new Date(unixSeconds * 1000).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    timeZone
  });
