/** What happened before an event, narrowed down to what its reader looks for. Pure. */
import type { Breadcrumb } from '$lib/api/types';

export interface Wanted {
  /** A kind of `kinds`; null for all. */
  kind: string | null;
  /** Only what went wrong: warnings and worse. */
  trouble: boolean;
  text: string;
}

export const EVERYTHING: Wanted = { kind: null, trouble: false, text: '' };

const TROUBLE = ['warning', 'error', 'fatal'];

/** `ui` of `ui.click`: what crumbs are told apart by. */
export const kindOf = ({ category, type }: Breadcrumb): string =>
  (category ?? type ?? 'default').split('.')[0] || 'default';

/** The kinds that there are with how many of each, the most frequent first. */
export function kinds(crumbs: Breadcrumb[]): { kind: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const crumb of crumbs) counts.set(kindOf(crumb), (counts.get(kindOf(crumb)) ?? 0) + 1);
  return [...counts].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count);
}

export const inTrouble = ({ level }: Breadcrumb) => TROUBLE.includes(level ?? '');

/** Those that are wanted, the newest first. */
export function wantedOf(crumbs: Breadcrumb[], { kind, trouble, text }: Wanted): Breadcrumb[] {
  const word = text.trim().toLowerCase();
  return crumbs
    .filter((crumb) => kind === null || kindOf(crumb) === kind)
    .filter((crumb) => !trouble || inTrouble(crumb))
    .filter((crumb) => !word || words(crumb).includes(word))
    .reverse();
}

const words = ({ category, message, data }: Breadcrumb) =>
  `${category ?? ''} ${message ?? ''} ${data ? JSON.stringify(data) : ''}`.toLowerCase();

/** `2.5 s before`: how long before the event, both in ISO 8601. Null when either does not say. */
export function before(crumb: string | null | undefined, event: string): string | null {
  const seconds = (Date.parse(event) - Date.parse(crumb ?? '')) / 1000;
  if (!Number.isFinite(seconds) || seconds < 0) return null;
  if (seconds < 10) return `${seconds.toFixed(1)} s before`;
  if (seconds < 120) return `${Math.round(seconds)} s before`;
  return seconds < 7200
    ? `${Math.round(seconds / 60)} min before`
    : `${Math.round(seconds / 3600)} h before`;
}
