import { expect, test } from 'vitest';
import { address, ApiError, get, path, type Fetch } from './client';

const answering = (status: number, body: string): Fetch => {
  return async () => new Response(body, { status });
};

test('what is filled into a path cannot leave its place', () => {
  expect(path`/issues/${'../auth'}/tags/${'a b?c'}/`).toBe('/issues/..%2Fauth/tags/a%20b%3Fc/');
});

test('absent parameters are left out and lists repeat', () => {
  expect(address('/issues/', { id: ['1', '2'], query: '', cursor: null, sort: undefined })).toBe(
    '/api/0/issues/?id=1&id=2&query='
  );
});

test('a refusal says why', async () => {
  const body = '{"detail":"The search cannot be read.","causes":["a quote is open"]}';
  await expect(get('/issues/', { fetch: answering(400, body) })).rejects.toThrow(
    new ApiError(400, 'The search cannot be read.', ['a quote is open'])
  );
});

test('a refusal for now says until when', async () => {
  const busy: Fetch = async () =>
    new Response('{"detail":"Too many requests."}', {
      status: 429,
      headers: { 'Retry-After': '841' }
    });
  await expect(get('/auth/', { fetch: busy })).rejects.toThrow(
    new ApiError(429, 'Too many attempts. Try again in 15 minutes.')
  );
});

test('a proxy that answers with a page is a refusal, too', async () => {
  await expect(get('/issues/', { fetch: answering(502, '<html>') })).rejects.toMatchObject({
    status: 502,
    message: 'The server answered 502.'
  });
});

test('no answer is status 0', async () => {
  const offline: Fetch = () => Promise.reject(new TypeError('Failed to fetch'));
  await expect(get('/issues/', { fetch: offline })).rejects.toMatchObject({ status: 0 });
});
