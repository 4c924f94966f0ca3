import { expect, test } from 'vitest';
import { isMuted, MUTES } from './mute';

test('tomorrow is the next morning, also over the end of a month', () => {
  const now = new Date(2026, 0, 31, 23, 30);
  expect(MUTES.map(({ until }) => until(now))).toEqual([
    new Date(2026, 1, 1, 0, 30),
    new Date(2026, 1, 1, 7, 30),
    new Date(2026, 1, 1, 8, 0)
  ]);
});

test('a mute ends', () => {
  const rule = { mutedUntil: '2026-03-01T10:00:00Z' };
  expect(isMuted(rule, Date.parse('2026-03-01T09:59:59Z'))).toBe(true);
  expect(isMuted(rule, Date.parse('2026-03-01T10:00:00Z'))).toBe(false);
  expect(isMuted({ mutedUntil: null }, 0)).toBe(false);
});
