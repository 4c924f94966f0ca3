import { expect, test } from 'vitest';
import type { AlertCause, Moment } from '$lib/api/types';
import { bars, rhythm, toMarks, verdict } from './whatif';

test.each([
  [0, 14, 'It would not have fired in the last 14 days', ''],
  [1, 1, 'It would have fired once in the last day', ''],
  [7, 14, 'It would have fired 7 times in the last 14 days', ''],
  [
    1344,
    14,
    'It would have fired 1,344 times in the last 14 days',
    'That is one message every 15 minutes or so.'
  ],
  [
    168,
    14,
    'It would have fired 168 times in the last 14 days',
    'That is one message every 2 hours or so.'
  ]
])('%i times in %i days', (fired, days, said, often) => {
  expect(verdict({ fired, days })).toBe(said);
  expect(rhythm({ fired, days })).toBe(often);
});

test('hours become as many bars as have room, and none is lost', () => {
  const start = '2026-03-01T10:20:00Z';
  const end = '2026-03-15T10:20:00Z';
  const first = Math.floor(Date.parse(start) / 3_600_000) * 3600;
  const hours = Array.from({ length: 337 }, (_, at): [number, number] => [first + at * 3600, at]);
  const { times, counts } = bars({ start, end, hours });
  expect(times.length).toBeLessThanOrEqual(60);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe((336 * 337) / 2);
});

test('a moment is a flag that leads to what it is about', () => {
  const project = { id: '7', slug: 'shop', name: 'Shop', platform: 'python' };
  const issue = { id: '99', shortId: 'SHOP-4', title: 'KeyError' };
  const cause = { why: 'It is new', issue } as AlertCause;
  const moment: Moment = { time: '2026-03-01T00:00:10Z', project, total: 1, causes: [cause] };
  const flood = { ...moment, total: 40, causes: [{ ...cause, issue: null }] };
  expect(toMarks([moment, flood])).toEqual([
    { time: 1772323210, label: 'SHOP-4', note: 'It is new', href: '/issues/99' },
    { time: 1772323210, label: '40 at once', note: 'It is new', href: '/issues?project=7' }
  ]);
});
