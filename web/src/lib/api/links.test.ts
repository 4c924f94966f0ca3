import { expect, test } from 'vitest';
import { readLinks } from './links';

test('a header names both neighbours', () => {
  const header =
    '<http://x/a,b?cursor=0:0:1>; rel="previous"; results="true"; cursor="0:0:1", ' +
    '<http://x/?cursor=0:50:0>; rel="next"; results="true"; cursor="0:50:0"';
  expect(readLinks(header)).toEqual({ previous: '0:0:1', next: '0:50:0' });
});

test('a link without results leads nowhere', () => {
  const header = '<http://x/>; rel="next"; results="false"; cursor="0:50:0"';
  expect(readLinks(header)).toEqual({ previous: null, next: null });
});

test('no header is a single page', () => {
  expect(readLinks(null)).toEqual({ previous: null, next: null });
});
