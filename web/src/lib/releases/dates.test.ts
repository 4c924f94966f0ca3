import { expect, test } from 'vitest';
import { born, charted } from './dates';

const NOW = Date.parse('2026-03-10T12:00:00Z');

test('a young release is drawn by the hour, an old one by the day', () => {
  expect(charted('2026-03-09T12:00:00Z', NOW)).toBe('72h');
  expect(charted('2026-03-06T12:00:00Z', NOW)).toBe('7d');
  expect(charted('2026-02-20T12:00:00Z', NOW)).toBe('19d');
  expect(charted('2024-02-20T12:00:00Z', NOW)).toBe('90d');
});

test('the most telling date is told', () => {
  const dateCreated = '2026-03-01T00:00:00Z';
  expect(born({ dateCreated, dateReleased: null, firstEvent: null }).word).toBe('created');
  expect(born({ dateCreated, dateReleased: null, firstEvent: dateCreated }).word).toBe(
    'first seen'
  );
  expect(born({ dateCreated, dateReleased: dateCreated, firstEvent: null }).word).toBe('released');
});
