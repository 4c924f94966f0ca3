import { expect, test } from 'vitest';
import type { Issue } from '$lib/api/types';
import { allEvents, byLevel } from './levels';

const issue = (level: string, ...counts: number[]) =>
  ({ level, stats: { '24h': counts.map((count, at) => [at, count]) } }) as unknown as Issue;

const told = (issues: Issue[], all: number[]) =>
  byLevel(issues, '24h', all).map(({ name, counts }) => [name, counts]);

test('issues of a level add up, and what they do not explain is told apart', () => {
  expect(
    told([issue('error', 1, 2), issue('error', 0, 1), issue('warning', 1, 0)], [5, 3])
  ).toEqual([
    ['other issues', [3, 0]],
    ['warning', [1, 0]],
    ['error', [1, 3]]
  ]);
});

test('a level without events has no part, and fewer buckets are the latest ones', () => {
  expect(told([issue('fatal', 0, 0, 4)], [0, 4])).toEqual([['fatal', [0, 4]]]);
  expect(told([issue('fatal', 4)], [0, 4])).toEqual([['fatal', [0, 4]]]);
});

test('projects add up, and one without events adds nothing', () => {
  const projects = [
    {
      stats: [
        [10, 1],
        [20, 2]
      ]
    },
    {
      stats: [
        [10, 4],
        [20, 0]
      ]
    },
    { stats: null }
  ];
  expect(allEvents(projects)).toEqual({ times: [10, 20], counts: [5, 2] });
  expect(allEvents([])).toEqual({ times: [], counts: [] });
});
