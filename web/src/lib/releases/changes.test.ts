import { expect, test } from 'vitest';
import { interval, rate, sureness, verdictOf } from './changes';

test('sureness is never rounded up', () => {
  expect(sureness(0.9949)).toBe('99.49 % sure');
  expect(sureness(0.98999)).toBe('98 % sure');
  expect(sureness(0.99994)).toBe('over 99.99 % sure');
  expect(sureness(0.99985)).toBe('99.98 % sure');
});

test('rates are in ten thousand, and what cannot be measured is no zero', () => {
  expect(rate(8.4)).toBe('84');
  expect(rate(0.12)).toBe('1.2');
  expect(rate(0)).toBe('0');
  expect(rate(null)).toBe('–');
});

test('an interval may have no upper end', () => {
  expect(interval({ interval: [1.62, 2.84] } as never)).toBe('1.6 to 2.8 ×');
  expect(interval({ interval: [3.1, null] } as never)).toBe('at least 3.1 ×');
  expect(interval({ interval: null })).toBe('');
});

test('a verdict that is not known yet is no good news', () => {
  expect(verdictOf({ verdict: 'strange' }).tone).toBe('warning');
});
