import { expect, test } from 'vitest';
import type { Request } from '$lib/api/types';
import { asCurl } from './curl';

const request = (more: Partial<Request>): Request => ({
  url: 'https://shop.example.com/pay',
  query: [],
  headers: [],
  cookies: [],
  ...more
});

test('a plain request is a plain command', () => {
  expect(asCurl(request({ method: 'GET' }))).toBe("curl 'https://shop.example.com/pay'");
  expect(asCurl(request({ url: null }))).toBeNull();
});

test('everything that was sent is sent again, and what curl knows better is not', () => {
  const sent = request({
    method: 'put',
    query: [['step', '2 of 3']],
    headers: [
      ['Content-Length', '12'],
      ['Cookie', 'a=b'],
      ['Accept', '*/*']
    ],
    cookies: [['session', '[Filtered]']],
    data: { card: 'visa' }
  });
  expect(asCurl(sent)).toBe(
    [
      "curl 'https://shop.example.com/pay?step=2+of+3'",
      "--request 'PUT'",
      "--header 'Accept: */*'",
      "--cookie 'session=[Filtered]'",
      '--data-raw \'{"card":"visa"}\''
    ].join(' \\\n  ')
  );
});

test('a form goes as a form', () => {
  const form = request({
    data: { a: '1 2' },
    inferredContentType: 'application/x-www-form-urlencoded'
  });
  expect(asCurl(form)).toContain("--data-raw 'a=1+2'");
});

test('a payload cannot leave its quotes', () => {
  const evil = asCurl(request({ data: "'; rm -rf ~; echo '" }));
  expect(evil).toContain(`--data-raw ''\\''; rm -rf ~; echo '\\'''`);
});
