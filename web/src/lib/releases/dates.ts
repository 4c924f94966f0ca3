/** The dates of a release that matter to a reader. */
import type { Release } from '$lib/api/types';

type Dated = Pick<Release, 'dateReleased' | 'firstEvent' | 'dateCreated'>;

/** Since when there is a release, and what that moment was: the most telling one that is known. */
export function born(release: Dated): { word: string; date: string } {
  if (release.dateReleased) return { word: 'released', date: release.dateReleased };
  if (release.firstEvent) return { word: 'first seen', date: release.firstEvent };
  return { word: 'created', date: release.dateCreated };
}

const DAY_MS = 86_400_000;

/** The stretch of time until now (milliseconds) that shows the whole life of a release, up to 90 days. */
export function charted(since: string, now: number): string {
  const days = Math.ceil((now - Date.parse(since)) / DAY_MS) + 1;
  return days <= 3 ? '72h' : `${Math.min(90, Math.max(7, days))}d`;
}
