import { expect, test } from 'vitest';
import { ApiError } from '$lib/api/client';
import { faultsAt, faultsOf, isWrong } from './faults';

const refusal = new ApiError(400, 'The rule cannot be kept.', [
  'when[0].minutes: is 1 to 1440.',
  'when[10].count: is 1 to 1000000000.',
  'actions[1].destination: there is no such destination.',
  'atMostEvery: is at most a week, 10080.',
  'actions: are 1 to 20.',
  'conditions[0].names: are 1 to 50 names of 1 to 200 bytes.',
  'when: has 1 to 20 triggers.',
  'channel.url: is an address that begins with https://.'
]);

test('a refusal is led to the fields that it is about', () => {
  const faults = faultsOf(refusal);
  expect(faults.map(({ text }) => text)).toEqual([
    'Minutes: 1 to 1,440.',
    'Count: 1 to 1,000,000,000.',
    'There is no such destination.',
    'How often: at most a week, 10,080.',
    'Recipients: 1 to 20.',
    '1 to 50 names of 1 to 200 bytes.',
    '1 to 20 triggers.',
    'URL: an address that begins with https://.'
  ]);
  expect(faultsAt(faults, 'when[0]')).toHaveLength(1);
  expect(faultsAt(faults, 'when[1]')).toEqual([]);
  expect(faultsAt(faults, 'when')).toHaveLength(3);
  expect(isWrong(faults, 'when[0].minutes')).toBe(true);
  expect(isWrong(faults, 'when[0]')).toBeUndefined();
});

test('other refusals are about no field', () => {
  for (const failure of [
    new ApiError(403, 'No.', ['name: is hers']),
    new ApiError(400, 'The body is no JSON.', ['expected a value at line 1']),
    new Error('name: no'),
    null
  ]) {
    expect(faultsOf(failure)).toEqual([]);
  }
});
