import { expect, test } from 'vitest';
import type { Breadcrumb } from '$lib/api/types';
import { before, EVERYTHING, kinds, wantedOf } from './breadcrumbs';

const crumb = (category: string, message: string, level = 'info'): Breadcrumb => ({
  type: 'default',
  category,
  message,
  level
});

const CRUMBS = [
  crumb('http', 'GET /cart'),
  crumb('ui.click', 'button#pay'),
  crumb('ui.input', 'card'),
  crumb('http', 'POST /pay', 'error')
];

const found = (wanted: object) =>
  wantedOf(CRUMBS, { ...EVERYTHING, ...wanted }).map(({ message }) => message);

test('the newest comes first', () => {
  expect(found({})).toEqual(['POST /pay', 'card', 'button#pay', 'GET /cart']);
});

test('they are told apart by the first word of their category', () => {
  expect(kinds(CRUMBS)).toEqual([
    { kind: 'http', count: 2 },
    { kind: 'ui', count: 2 }
  ]);
  expect(found({ kind: 'ui' })).toEqual(['card', 'button#pay']);
});

test('trouble and text narrow down further', () => {
  expect(found({ trouble: true })).toEqual(['POST /pay']);
  expect(found({ text: ' PAY ' })).toEqual(['POST /pay', 'button#pay']);
  expect(found({ kind: 'ui', trouble: true })).toEqual([]);
});

test('how long before the event it was', () => {
  const at = '2026-11-30T10:00:00Z';
  expect(before('2026-11-30T09:59:57.500Z', at)).toBe('2.5 s before');
  expect(before('2026-11-30T09:57:00Z', at)).toBe('3 min before');
  expect(before('2026-11-30T10:00:01Z', at)).toBeNull();
  expect(before(null, at)).toBeNull();
});
