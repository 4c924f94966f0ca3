import { expect, test } from 'vitest';
import type { EventSummary } from '$lib/api/types';
import { columns } from './columns';

const event = (more: object) =>
  ({ title: 'E', tags: [], user: null, ...more }) as unknown as EventSummary;
const labels = (events: object[]) => columns(events.map(event)).map(({ label }) => label);

test('what no event tells has no column, and a message that all share neither', () => {
  expect(labels([{ release: '1' }, { release: '1' }])).toEqual(['Release']);
  expect(labels([{ title: 'a' }, { title: 'b' }])).toEqual(['Message']);
});

test('what differs goes before what is the same, in the usual order', () => {
  const tags = ['transaction', 'browser', 'os', 'device', 'server_name'];
  const all = (user: string, server: string) => ({
    user: { id: user },
    environment: 'live',
    release: '1',
    tags: tags.map((key) => ({ key, value: key === 'server_name' ? server : 'same' }))
  });
  expect(labels([all('1', 'a'), all('2', 'b')])).toEqual([
    'User',
    'Release',
    'Environment',
    'Server'
  ]);
});
