/** In which releases and environments an issue was seen, as the rows and columns of a table. Pure. */
import type { IssueRelease } from '$lib/api/types';

export interface Cell {
  count: number;
  firstSeen: string;
  lastSeen: string;
}

export interface Row {
  release: IssueRelease;
  /** One an environment of `Table.environments`; null where it was not seen. */
  cells: (Cell | null)[];
}

export interface Table {
  /** Those with most events first; an empty name for events that named none. */
  environments: string[];
  /** The release that it was seen in last first. */
  rows: Row[];
}

/** More columns than these are left out: the total of a row has them all. */
const MOST = 6;

export function table(releases: IssueRelease[]): Table {
  const counts = new Map<string, number>();
  for (const { environments } of releases) {
    for (const { environment, count } of environments) {
      counts.set(environment ?? '', (counts.get(environment ?? '') ?? 0) + count);
    }
  }
  const environments = [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST)
    .map(([name]) => name);
  const rows = releases.map((release) => ({
    release,
    cells: environments.map(
      (name) => release.environments.find((it) => (it.environment ?? '') === name) ?? null
    )
  }));
  return { environments, rows: rows.reverse() };
}
