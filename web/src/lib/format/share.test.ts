import { expect, test } from 'vitest';
import { percent } from './share';

test('what is not all never reads as all', () => {
  expect(percent(100)).toBe('100 %');
  expect(percent(99.999)).toBe('99.99 %');
  expect(percent(98.76)).toBe('98.7 %');
  expect(percent(0)).toBe('0 %');
});
