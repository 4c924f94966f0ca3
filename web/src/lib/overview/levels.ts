/** How serious what happened over time was, from the counts of issues. Pure. */
import type { Issue } from '$lib/api/types';
import type { Series } from '$lib/charts/BarChart.svelte';

/** The least serious first: that is the bottom of a stack. */
const LEVELS = [
  { level: 'debug', colour: 'var(--debug)' },
  { level: 'info', colour: 'var(--info)' },
  { level: 'warning', colour: 'var(--warning)' },
  { level: 'error', colour: 'var(--error)' },
  { level: 'fatal', colour: 'var(--fatal)' }
];

/** Events of these projects together, a bucket each. */
export function allEvents(projects: { stats?: number[][] | null }[]): {
  times: number[];
  counts: number[];
} {
  const longest =
    projects.map(({ stats }) => stats ?? []).sort((a, b) => b.length - a.length)[0] ?? [];
  const times = longest.map(([time]) => time ?? 0);
  const all = projects.map(({ stats }) => (stats ?? []).map(([, count]) => count ?? 0));
  return { times, counts: sum(all, times.length) };
}

/**
 * Counts a level, over the buckets of `all`, which has every event. What is not of the issues that are told counts as `other`.
 * Issues count in the same buckets.
 */
export function byLevel(
  issues: Pick<Issue, 'level' | 'stats'>[],
  period: string,
  all: number[]
): Series[] {
  const series = LEVELS.map(({ level, colour }) => ({
    name: level,
    colour,
    counts: sum(
      issues
        .filter((issue) => issue.level === level)
        .map((issue) => counts(issue, period, all.length)),
      all.length
    )
  }));
  const told = sum(
    series.map((one) => one.counts),
    all.length
  );
  const other = all.map((count, at) => Math.max(0, count - (told[at] ?? 0)));
  return [{ name: 'other issues', colour: 'var(--bar)', counts: other }, ...series].filter((one) =>
    one.counts.some((count) => count > 0)
  );
}

/** Of an issue as many buckets as there are, the latest of both together. */
function counts(issue: Pick<Issue, 'stats'>, period: string, buckets: number): number[] {
  const own = (issue.stats[period] ?? []).map(([, count]) => count).slice(-buckets);
  return [...new Array<number>(buckets - own.length).fill(0), ...own];
}

const sum = (all: number[][], buckets: number): number[] =>
  Array.from({ length: buckets }, (_, at) => all.reduce((total, one) => total + (one[at] ?? 0), 0));
