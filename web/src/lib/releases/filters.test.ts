import { expect, test } from 'vitest';
import { changeFilters, readFilters, releasePath, toParams } from './filters';

const read = (search: string) => readFilters(new URLSearchParams(search));

test('an empty URL shows the active releases of all projects', () => {
  expect(read('')).toEqual({
    query: '',
    project: null,
    environment: null,
    status: 'open',
    cursor: null
  });
  expect(toParams(read('')).status).toBe('open');
  expect(toParams(read('status=')).status).toBe(null);
});

test('a change begins at the first page and leaves defaults out', () => {
  const filters = read('project=7&cursor=0:25:0&query=2.4');
  expect(changeFilters(filters, { environment: 'production' })).toBe(
    '/releases?project=7&query=2.4&environment=production'
  );
  expect(changeFilters(filters, { query: '', project: null })).toBe('/releases');
  expect(read('status=strange').status).toBe('open');
});

test('a version is one part of the path, whatever stands in it', () => {
  expect(releasePath('shop@1.0+b/../7', { project: '7', baseline: 'shop@0.9+a' })).toBe(
    '/releases/shop%401.0%2Bb%2F..%2F7?project=7&baseline=shop%400.9%2Ba'
  );
});
