import { expect, test } from 'vitest';
import { ApiError } from '$lib/api/client';
import { faultOf } from './rules';

test('a refusal is led to the line that it is about', () => {
  expect(
    faultOf(new ApiError(400, 'fingerprintingRules cannot be read.', ['line 3: no `->`: why']))
  ).toEqual({ field: 'fingerprintingRules', line: 3, reason: 'no `->`: why' });
  expect(
    faultOf(new ApiError(400, 'groupingEnhancements cannot be read.', ['too many rules']))
  ).toEqual({ field: 'groupingEnhancements', line: null, reason: 'too many rules' });
});

test('other refusals are none', () => {
  for (const failure of [
    new ApiError(403, 'You do not have permission to do this.'),
    new ApiError(400, 'A slug has at most 50 characters.'),
    new ApiError(400, 'fingerprintingRules cannot be read.'),
    new Error('line 3: x'),
    null
  ]) {
    expect(faultOf(failure)).toBeNull();
  }
});
