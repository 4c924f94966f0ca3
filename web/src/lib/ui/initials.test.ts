import { expect, test } from 'vitest';
import { hue, initials } from './initials';

test.each([
  ['Ada Lovelace', 'AL'],
  ['ada.lovelace@example.com', 'AL'],
  ['ada@example.com', 'AD'],
  ['  Grace  Brewster Hopper ', 'GH'],
  ['x', 'X'],
  ['', '?'],
  ['@example.com', '?'],
  ['Øyvind Ås', 'ØÅ'],
  ['🦊 fox', '🦊F']
])('%s is %s', (name, letters) => {
  expect(initials(name)).toBe(letters);
});

test('a colour is one of those that there are', () => {
  for (const name of ['', 'ada', 'Ada Lovelace', '🦊'.repeat(500)]) {
    expect(hue(name, 5)).toBeGreaterThanOrEqual(0);
    expect(hue(name, 5)).toBeLessThan(5);
  }
});
