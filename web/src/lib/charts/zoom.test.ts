import { expect, test } from 'vitest';
import { labelled, stacked } from './zoom';

test('the whole is drawn first, and each part in front of it up to where it ends', () => {
  expect(stacked([10, 20], [{ counts: [1, 2] }, { counts: [3, 0] }])).toEqual([
    [10, 20],
    [4, 2],
    [1, 2]
  ]);
});

test('a bucket that a series does not know counts nothing', () => {
  expect(stacked([10, 20], [{ counts: [1] }])).toEqual([
    [10, 20],
    [1, 0]
  ]);
});

test('as many buckets have a label as there is room for', () => {
  const times = [0, 1, 2, 3, 4, 5];
  expect(labelled(times, 0, 5, 600)).toEqual(times);
  expect(labelled(times, 0, 5, 220)).toEqual([0, 2, 4]);
  expect(labelled(times, 2, 4, 220)).toEqual([2, 3, 4]);
  expect(labelled(times, 0, 5, 0)).toEqual([0]);
});
