import { expect, test } from 'vitest';
import { changeFilters, readFilters, statusOf, tagPath, withStatus } from './filters';

const read = (search: string) => readFilters(new URLSearchParams(search));

test('an empty address shows unresolved issues of two weeks', () => {
  expect(read('')).toEqual({
    query: 'is:unresolved',
    project: [],
    environment: null,
    statsPeriod: '14d',
    sort: 'date'
  });
});

test('an empty search is not the default one', () => {
  expect(read('query=').query).toBe('');
});

test('unknown periods and orders fall back', () => {
  expect(read('statsPeriod=5y&sort=luck')).toMatchObject({ statsPeriod: '14d', sort: 'date' });
});

test('a change keeps the other filters', () => {
  const filters = read('project=3&project=5&query=level:error');
  expect(changeFilters(filters, { sort: 'freq' })).toBe(
    '/issues?project=3&project=5&query=level%3Aerror&sort=freq'
  );
  expect(changeFilters(read('sort=freq'), { sort: 'date' })).toBe('/issues');
});

test('the status is one word among the others', () => {
  expect(statusOf('is:resolved level:error')).toBe('is:resolved');
  expect(statusOf('this:unresolved')).toBe('');
  expect(withStatus('level:error is:unresolved timeout', 'is:resolved')).toBe(
    'is:resolved level:error timeout'
  );
  expect(withStatus('is:unresolved', '')).toBe('');
});

test('a tag leads to the issues that share it, whatever is in it', () => {
  const query = (path: string) => new URLSearchParams(path.split('?')[1]).get('query');
  expect(query(tagPath('1', 'release', 'shop@1+2'))).toBe('release:shop@1+2');
  expect(query(tagPath('1', 'os', 'Mac "OS" X'))).toBe('os:"Mac \\"OS\\" X"');
});
