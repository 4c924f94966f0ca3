import { expect, test } from 'vitest';
import { ceiling, floor, labelStep } from './scale';

test.each([
  [0, 1],
  [1, 1],
  [7, 7],
  [11, 15],
  [99, 100],
  [2300, 3000]
])('a chart up to %i ends at %i', (max, top) => {
  expect(ceiling(max)).toBe(top);
});

test('labels never crowd', () => {
  expect(labelStep(24, 12)).toBe(2);
  expect(labelStep(3, 12)).toBe(1);
});

test('the scale of shares begins below the least of them', () => {
  expect([100, 99.4, 99, 97, 42, 0].map(floor)).toEqual([99, 99, 98, 95, 0, 0]);
});
