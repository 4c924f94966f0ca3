import { expect, test } from 'vitest';
import type { Key, ProjectQuotas } from '$lib/api/types';
import { kinds, of, rows } from './limits';

test('limits come back to whom they are for', () => {
  const bytes = { categories: ['attachment'], window: 'month', count: 5 };
  const items = { categories: [], window: 'minute', count: 9 };
  const both = { categories: ['error', 'session'], window: 'day', count: 1 };
  const project: ProjectQuotas = { quotas: [bytes, both], spikeProtection: true };
  const limits = rows(project, [
    { id: 'a', quotas: [items] },
    { id: 'b', quotas: [] }
  ] as unknown as Key[]);
  expect(['', 'a', 'b'].map((key) => of(limits, key))).toEqual([[bytes, both], [items], []]);
});

test('what the API knows and the page does not can stay chosen', () => {
  expect(kinds('error,session').at(-1)).toEqual(['error,session', 'error,session']);
  expect(kinds('error').some(([value]) => value === 'error,session')).toBe(false);
});
