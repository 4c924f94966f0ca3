/** What a list shows when the server knows more by now: rows keep their places, news wait to be asked for. Pure. */
import type { Issue } from '$lib/api/types';

export interface Row {
  issue: Issue;
  /** Whether the search does not find it any more. */
  gone: boolean;
}

export interface Seen {
  rows: Row[];
  /** How many there are by now that the list does not show. */
  arrived: number;
}

/** `shown` as it came, and the same page as the server has it `now`; null when nobody has asked again yet. */
export function seen(shown: Issue[], now: Issue[] | null, perPage: number): Seen {
  if (!now) return { rows: shown.map((issue) => ({ issue, gone: false })), arrived: 0 };
  const known = new Set(shown.map(({ id }) => id));
  const latest = new Map(now.map((issue) => [issue.id, issue]));
  const arrived = now.filter(({ id }) => !known.has(id)).length;
  // What came pushed as many off the end of a full page: those are on the next one.
  const pushed = now.length >= perPage ? arrived : 0;
  const kept = shown.length - pushed;
  const rows = shown.map((issue, at) => ({
    issue: latest.get(issue.id) ?? issue,
    gone: !latest.has(issue.id) && at < kept
  }));
  return { rows, arrived };
}
