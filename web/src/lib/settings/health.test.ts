import { expect, test } from 'vitest';
import type { Health, Storage } from '$lib/api/types';
import { findings, rate } from './health';

const WELL: Health = {
  version: '1.0.0',
  started: '2026-03-01T10:00:00Z',
  memory: 50_000_000,
  refusal: null,
  waiting: 0,
  waitingBytes: 0,
  lag: 0,
  itemsPerSecond: 0.4,
  deadLetters: 0,
  undelivered: 0,
  repaired: null,
  failures: []
};
const ROOMY = { isThinned: false, fullInDays: null } as Storage;

test('an installation that fares well has nothing to do', () => {
  expect(findings(WELL, ROOMY)).toEqual([]);
});

test('what loses something comes before what will', () => {
  const failures = [{ name: 'digest', times: 2 }];
  const found = findings(
    { ...WELL, lag: 180, waiting: 9, waitingBytes: 2048, deadLetters: 1, failures },
    { ...ROOMY, fullInDays: 1 }
  );
  expect(found.map(({ tone, title }) => `${tone}: ${title}`)).toEqual([
    'error: Events are seen 3 min late',
    'warning: 1 request could not be read',
    'warning: Something failed in the background and was started again',
    'warning: The disk is full in 1 day'
  ]);
  expect(found[0]?.advice).toContain('9 requests (2.0 KiB) wait on disk');
  expect(found[2]?.advice).toContain('digest (2 ×)');
});

test('a rate is as exact as it is of use', () => {
  expect([0, 0.42, 12.3, 1250.4].map(rate)).toEqual(['0', '0.4', '12', '1,250']);
});
