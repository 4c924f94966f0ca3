import { expect, test } from 'vitest';
import { misfit, ranked, shortId } from './match';

const names = (letters: string, ...all: string[]) =>
  ranked(
    all.map((name) => ({ name })),
    letters
  ).map(({ name }) => name);

test('what begins with the letters comes before what has them within', () => {
  expect(names('re', 'Archive the issue', 'Resolve the issue', 'Go to releases')).toEqual([
    'Resolve the issue',
    'Go to releases',
    'Archive the issue'
  ]);
});

test('first letters of words are enough, letters out of order are not', () => {
  expect(misfit('Go to storage', 'gts')).not.toBeNull();
  expect(misfit('Go to storage', 'stg')).not.toBeNull();
  expect(misfit('Go to storage', 'xg')).toBeNull();
});

test('without letters everything stands as it stood', () => {
  expect(names(' ', 'b', 'a')).toEqual(['b', 'a']);
});

test('an issue can be named', () => {
  expect(shortId(' shop-12 ')).toBe('SHOP-12');
  expect(shortId('checkout-api-7')).toBe('CHECKOUT-API-7');
  expect(shortId('timeout')).toBeNull();
});
