import { expect, test } from 'vitest';
import type { Event } from '$lib/api/types';
import { summarise } from './summary';

const event = (more: object) =>
  ({ tags: [], contexts: {}, entries: [], user: null, ...more }) as unknown as Event;

const told = (more: object) => summarise(event(more)).map(({ label, text }) => `${label}: ${text}`);

test('what is known of whom and where it hit', () => {
  expect(
    told({
      user: { id: '7', email: 'ada@example.com', ip_address: '203.0.113.9' },
      entries: [{ type: 'request', data: { method: 'POST', url: 'https://a/pay' } }],
      tags: [{ key: 'release', value: 'shop@1' }],
      contexts: {
        browser: { name: 'Firefox', version: '140.0' },
        device: { family: 'Pixel', model: 'Pixel 8' },
        trace: { trace_id: 'abc' }
      }
    })
  ).toEqual([
    'User: ada@example.com',
    'Request: POST https://a/pay',
    'Release: shop@1',
    'Browser: Firefox 140.0',
    'Device: Pixel 8',
    'Trace: abc'
  ]);
});

test('an event that says nothing has no summary, nor has one that lies about shapes', () => {
  expect(told({})).toEqual([]);
  expect(
    told({ contexts: { browser: 'Firefox', os: { name: {} }, trace: { trace_id: 1 } } })
  ).toEqual([]);
});

test('the person’s own system counts, not the server’s', () => {
  expect(
    told({ contexts: { os: { name: 'Linux' }, client_os: { name: 'iOS', version: '19' } } })
  ).toEqual(['System: iOS 19']);
});
