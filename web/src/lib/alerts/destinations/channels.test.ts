import { expect, test } from 'vitest';
import type { Channel } from '$lib/api/types';
import { channelFrom, CHANNELS, drawSecret, failing, valuesOf, whereOf } from './channels';

test('every channel says where to find what it needs', () => {
  for (const { steps, label } of CHANNELS) {
    expect(label).not.toBe('');
    expect(steps.length).toBeGreaterThan(0);
  }
});

test('a saved secret is not taken for a new one', () => {
  const saved = { type: 'slack_bot', channel: '#a', token: '…x7Qz' } as Channel;
  const values = valuesOf(saved);
  expect(values).toEqual({ channel: '#a', token: '' });
  expect(channelFrom('slack_bot', values, [])).toEqual({ type: 'slack_bot', channel: '#a' });
});

test('a saved secret can be taken away', () => {
  const values = { url: 'https://ntfy.sh', topic: 'a', token: null };
  expect(channelFrom('ntfy', values, [])).toMatchObject({ topic: 'a', token: '' });
});

test('only the fields of the chosen channel are sent', () => {
  const values = { url: ' https://example.com ', token: 'of another channel', secret: 's' };
  expect(channelFrom('webhook', values, ['a@b'])).toEqual({
    type: 'webhook',
    url: 'https://example.com',
    secret: 's'
  });
  expect(channelFrom('email', values, ['a@b'])).toEqual({ type: 'email', to: ['a@b'] });
});

test('where a channel leads to is told in a few words', () => {
  const where = (channel: object) => whereOf(channel as Channel);
  expect(where({ type: 'email', to: ['a@b', 'c@d'] })).toBe('a@b, c@d');
  expect(where({ type: 'slack_bot', token: '…x7Qz', channel: '#a' })).toBe('#a');
  expect(where({ type: 'pager_duty', routingKey: '…x7Qz' })).toBe('…x7Qz');
  expect(where({ type: 'pager_duty', routingKey: '…' })).toBe('');
  expect(where({ type: 'ntfy', url: 'https://ntfy.sh', topic: 't' })).toBe('https://ntfy.sh · t');
});

test('what fails is told with what waits', () => {
  const since = '2026-03-01T10:00:00Z';
  expect(failing({ failingSince: null, waiting: 3 })).toBe('');
  expect(failing({ failingSince: since, waiting: 0 })).toMatch(/^since 1 Mar 2026, [^,]+$/);
  expect(failing({ failingSince: since, waiting: 1 })).toMatch(/, 1 message waits$/);
  expect(failing({ failingSince: since, waiting: 4 })).toMatch(/, 4 messages wait$/);
});

test('a drawn secret is as long as the server wants it, and another one each time', () => {
  expect(drawSecret()).toMatch(/^[0-9a-f]{40}$/);
  expect(drawSecret()).not.toBe(drawSecret());
});
