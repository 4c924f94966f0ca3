/** Lengths of time as people say them, and times of day. Pure. */

export const UNITS = [
  { minutes: 1440, word: 'day' },
  { minutes: 60, word: 'hour' },
  { minutes: 1, word: 'minute' }
] as const;

/** The largest unit that divides it: hours for 120. */
export const unitOf = (minutes: number): number =>
  UNITS.find((unit) => minutes > 0 && minutes % unit.minutes === 0)?.minutes ?? 1;

/** `5 minutes`, `1 hour`, `2 days`; three dots for a number that is not filled in. */
export function span(minutes: number): string {
  if (!Number.isFinite(minutes)) return '… minutes';
  const unit = unitOf(minutes);
  const count = minutes / unit;
  const word = UNITS.find((one) => one.minutes === unit)?.word ?? 'minute';
  return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
}

/** As what follows `in the last` or `once every`: `hour`, `5 minutes`. */
export const period = (minutes: number): string => span(minutes).replace(/^1 /, '');

/** `07:30`, from minutes after midnight. */
export const timeOfDay = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');

/** Minutes after midnight; null for what is no time of day. */
export function minutesOf(time: string): number | null {
  const [, hours, minutes] = /^(\d\d):(\d\d)/.exec(time) ?? [];
  return hours && minutes ? Number(hours) * 60 + Number(minutes) : null;
}

/** `850 ms`, `1.4 s`, `3 min`, `2 h`. */
export function duration(millis: number): string {
  if (millis < 1000) return `${Math.round(millis)} ms`;
  if (millis < 60_000) return `${Math.floor(millis / 100) / 10} s`;
  if (millis < 3_600_000) return `${Math.floor(millis / 60_000)} min`;
  return `${Math.floor(millis / 3_600_000)} h`;
}
