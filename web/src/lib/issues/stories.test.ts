import { expect, test } from 'vitest';
import type { IssueRelease } from '$lib/api/types';
import { table } from './stories';

const seen = (version: string | null, places: Record<string, number>): IssueRelease => ({
  version,
  shortVersion: version,
  count: Object.values(places).reduce((sum, count) => sum + count, 0),
  firstSeen: '2026-03-01T10:00:00Z',
  lastSeen: '2026-03-01T11:00:00Z',
  environments: Object.entries(places).map(([environment, count]) => ({
    environment: environment || null,
    count,
    firstSeen: '2026-03-01T10:00:00Z',
    lastSeen: '2026-03-01T11:00:00Z'
  }))
});

test('the latest release comes first, the busiest environment too', () => {
  const told = table([seen('1.0', { staging: 2, production: 5 }), seen('1.1', { production: 1 })]);
  expect(told.environments).toEqual(['production', 'staging']);
  expect(told.rows.map(({ release }) => release.version)).toEqual(['1.1', '1.0']);
  expect(told.rows.map(({ cells }) => cells.map((cell) => cell?.count ?? null))).toEqual([
    [1, null],
    [5, 2]
  ]);
});

test('what named no release and no environment has a place', () => {
  const told = table([seen(null, { '': 3 })]);
  expect(told.environments).toEqual(['']);
  expect(told.rows[0]?.cells[0]?.count).toBe(3);
});
