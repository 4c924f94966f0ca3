/** For how long a rule can be told to be silent, and whether it is. Pure. */

export interface Mute {
  label: string;
  /** Until when, from `now` on. */
  until: (now: Date) => Date;
}

const hours = (count: number) => (now: Date) => new Date(now.getTime() + count * 3_600_000);

/** When work begins on the next day, in the reader's own zone. */
function tomorrow(now: Date): Date {
  const next = new Date(now);
  next.setDate(now.getDate() + 1);
  next.setHours(8, 0, 0, 0);
  return next;
}

export const MUTES: Mute[] = [
  { label: 'For 1 hour', until: hours(1) },
  { label: 'For 8 hours', until: hours(8) },
  { label: 'Until tomorrow, 08:00', until: tomorrow }
];

/** Whether a rule is silent at `now` (milliseconds). */
export const isMuted = (rule: { mutedUntil?: string | null }, now: number): boolean =>
  rule.mutedUntil != null && Date.parse(rule.mutedUntil) > now;
