import { expect, test } from 'vitest';
import type { OutcomeGroup } from '$lib/api/types';
import { arrived, lines, sumBy } from './totals';

const group = (outcome: string, category: string, counts: number[]): OutcomeGroup => ({
  by: { outcome, category, project: '1' },
  totals: { 'sum(quantity)': counts.reduce((sum, one) => sum + one, 0) },
  series: { 'sum(quantity)': counts }
});

const groups = [
  group('invalid', 'error', [0, 1]),
  group('accepted', 'error', [2, 3]),
  group('accepted', 'attachment_item', [1, 0]),
  group('filtered', 'error', [0, 0])
];

test('groups that share a value add up, the largest first', () => {
  expect(sumBy(groups, 'outcome', 2).slice(0, 2)).toEqual([
    { name: 'accepted', total: 6, counts: [3, 3] },
    { name: 'invalid', total: 1, counts: [0, 1] }
  ]);
});

test('what never happened is no line', () => {
  expect(lines(groups).map(({ outcome, category, total }) => [outcome, category, total])).toEqual([
    ['accepted', 'error', 5],
    ['invalid', 'error', 1],
    ['accepted', 'attachment_item', 1]
  ]);
});

test('bytes and what clients discarded are no items that arrived', () => {
  const beside = [
    group('accepted', 'attachment', [0, 4096]),
    group('client_discard', 'error', [7, 0]),
    group('client_discard', 'attachment', [512, 0])
  ];
  expect(beside.filter(arrived)).toEqual([]);
  expect(lines([...beside, ...groups]).at(-1)?.category).toBe('attachment');
});
