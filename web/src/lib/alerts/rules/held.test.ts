import { expect, test } from 'vitest';
import type { HeldFiring } from '$lib/api/types';
import { heldOf } from './held';

const waits = (rule: string, total: number, until: string) =>
  ({ rule: { id: rule }, total, held: { until } }) as HeldFiring;

test('what a rule holds is summed up over projects, until the first of it is told', () => {
  const held = [
    waits('1', 2, '2026-03-01T10:10:00Z'),
    waits('2', 9, '2026-03-01T10:00:00Z'),
    waits('1', 3, '2026-03-01T10:05:00Z')
  ];
  expect(heldOf(held, { id: '1' })).toEqual({ total: 5, until: '2026-03-01T10:05:00Z' });
  expect(heldOf(held, { id: '3' })).toBeNull();
});
