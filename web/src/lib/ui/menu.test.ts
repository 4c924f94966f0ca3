import { expect, test } from 'vitest';
import { walk } from './menu';

const LABELS = ['Forever', 'For 1 hour', 'Until a date', 'Until users'];

test.each([
  ['ArrowDown', -1, 0],
  ['ArrowDown', 3, 0],
  ['ArrowUp', 0, 3],
  ['ArrowUp', -1, 3],
  ['Home', 2, 0],
  ['End', 0, 3],
  ['u', -1, 2],
  ['U', 2, 3],
  ['u', 3, 2],
  ['f', 1, 0],
  ['x', 1, null],
  [' ', 1, null],
  ['Enter', 1, null]
])('%s leads from %i to %s', (key, at, to) => {
  expect(walk(key, at, LABELS)).toBe(to);
});

test('an empty menu leads nowhere', () => {
  expect(walk('ArrowDown', -1, [])).toBeNull();
});
