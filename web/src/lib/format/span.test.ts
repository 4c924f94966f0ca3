import { expect, test } from 'vitest';
import { duration, minutesOf, period, span, timeOfDay, unitOf } from './span';

test.each([
  [1, '1 minute'],
  [5, '5 minutes'],
  [60, '1 hour'],
  [90, '90 minutes'],
  [120, '2 hours'],
  [1440, '1 day'],
  [0, '0 minutes']
])('%i minutes are %s', (minutes, words) => {
  expect(span(minutes)).toBe(words);
  expect(words).toContain(String(minutes / unitOf(minutes)));
});

test('one of a unit is the unit', () => {
  expect([1, 60, 1440, 30].map(period)).toEqual(['minute', 'hour', 'day', '30 minutes']);
});

test('a time of day is what a field of one takes', () => {
  expect([0, 450, 1439].map(timeOfDay)).toEqual(['00:00', '07:30', '23:59']);
  expect(['00:00', '07:30', '23:59:00', ''].map(minutesOf)).toEqual([0, 450, 1439, null]);
});

test('a latency never reads as shorter than it was by a unit', () => {
  expect([0, 850, 1449, 59_999, 180_000, 7_200_000].map(duration)).toEqual([
    '0 ms',
    '850 ms',
    '1.4 s',
    '59.9 s',
    '3 min',
    '2 h'
  ]);
});
