import { expect, test } from 'vitest';
import { depthOf, remember } from './depth';

test('a list is as long again, in whole pages, until another one is gone down', () => {
  expect(depthOf('/issues')).toBe(25);
  remember('/issues', 61);
  expect(depthOf('/issues')).toBe(75);
  expect(depthOf('/issues?sort=freq')).toBe(25);
  remember('/issues?sort=freq', 50);
  expect(depthOf('/issues')).toBe(25);
});

test('a list that became empty is asked for a page', () => {
  remember('/issues', 0);
  expect(depthOf('/issues')).toBe(25);
});
