import { expect, test } from 'vitest';
import type { Issue } from '$lib/api/types';
import { seen } from './arrivals';

const issue = (id: string, count = '1') => ({ id, count }) as Issue;
const told = (shown: Issue[], now: Issue[] | null, perPage = 25) => {
  const { rows, arrived } = seen(shown, now, perPage);
  return {
    rows: rows.map(({ issue, gone }) => `${issue.id}:${issue.count}${gone ? ' gone' : ''}`),
    arrived
  };
};

test('rows keep their places whatever the order is by now, with the counts of now', () => {
  expect(told([issue('1'), issue('2')], [issue('2', '9'), issue('1')])).toEqual({
    rows: ['1:1', '2:9'],
    arrived: 0
  });
});

test('what came waits, and what went is marked', () => {
  expect(told([issue('1'), issue('2')], [issue('3'), issue('2')])).toEqual({
    rows: ['1:1 gone', '2:1'],
    arrived: 1
  });
});

test('what was pushed to the next page is not gone', () => {
  expect(told([issue('1'), issue('2')], [issue('3'), issue('1')], 2)).toEqual({
    rows: ['1:1', '2:1'],
    arrived: 1
  });
});

test('until somebody asks again, all is as it came', () => {
  expect(told([issue('1')], null)).toEqual({ rows: ['1:1'], arrived: 0 });
});
