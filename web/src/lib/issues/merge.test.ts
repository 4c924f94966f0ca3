import { expect, test } from 'vitest';
import type { Issue } from '$lib/api/types';
import { targetOf } from './merge';

const issue = (id: string, count: string, project = '1') =>
  ({ id, count, project: { id: project } }) as Issue;

test('issues go into the one with the most events, else into the older', () => {
  expect(targetOf([issue('1', '9'), issue('2', '10')])?.id).toBe('2');
  expect(targetOf([issue('10', '5'), issue('9', '5')])?.id).toBe('9');
});

test('one issue, or issues of several projects, go nowhere', () => {
  expect(targetOf([issue('1', '1')])).toBeNull();
  expect(targetOf([issue('1', '1'), issue('2', '1', '2')])).toBeNull();
});
