/** Sums over the groups of an outcomes answer, by one of its dimensions or by all of them. */
import { QUANTITY } from '$lib/api/stats';
import type { OutcomeGroup } from '$lib/api/types';

/** Categories whose quantity is bytes: they share no sum, no share and no axis with items. */
const BYTES = ['attachment', 'log_byte', 'trace_metric_byte'];

export const inBytes = (category: string) => BYTES.includes(category);

/** Whether a group counts items that arrived: clients report what they discarded before that. */
export const arrived = (group: OutcomeGroup) =>
  group.by.outcome !== 'client_discard' && !inBytes(named(group, 'category'));

export type Dimension = 'outcome' | 'category' | 'reason' | 'project';

export interface Sum {
  name: string;
  total: number;
  counts: number[];
}

export const named = (group: OutcomeGroup, dimension: Dimension) =>
  String(group.by[dimension] ?? 'none');

export const total = (group: OutcomeGroup) => group.totals[QUANTITY] ?? 0;

/** One sum a value of `dimension`, the largest first. */
export function sumBy(groups: OutcomeGroup[], dimension: Dimension, buckets: number): Sum[] {
  const sums = new Map<string, Sum>();
  for (const group of groups) {
    const name = named(group, dimension);
    const sum = sums.get(name) ?? { name, total: 0, counts: new Array<number>(buckets).fill(0) };
    sum.total += total(group);
    (group.series[QUANTITY] ?? []).forEach((count, at) => {
      sum.counts[at] = (sum.counts[at] ?? 0) + count;
    });
    sums.set(name, sum);
  }
  return [...sums.values()].sort((a, b) => b.total - a.total);
}

export interface Line {
  outcome: string;
  category: string;
  reason: string;
  project: string;
  total: number;
}

/** One line a combination that was seen: items before bytes, the largest first. */
export function lines(groups: OutcomeGroup[]): Line[] {
  return groups
    .map((group) => ({
      outcome: named(group, 'outcome'),
      category: named(group, 'category'),
      reason: group.by.reason ? String(group.by.reason) : '',
      project: named(group, 'project'),
      total: total(group)
    }))
    .filter((line) => line.total > 0)
    .sort((a, b) => Number(inBytes(a.category)) - Number(inBytes(b.category)) || b.total - a.total);
}
