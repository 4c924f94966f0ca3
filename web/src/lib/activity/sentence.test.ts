import { expect, test } from 'vitest';
import type { Activity } from '$lib/api/types';
import { sentence } from './sentence';

const entry = (type: string, data: unknown = {}, name: string | null = 'Ada'): Activity => ({
  id: '1',
  type,
  user: name ? { id: '1', name, email: 'a@b', username: 'a@b' } : null,
  dateCreated: '2026-11-21T10:00:00Z',
  data: data as Activity['data'],
  canUndo: false,
  isUndone: false
});

test('every entry is a sentence', () => {
  for (const [type, data, text] of [
    ['set_resolved', { reason: 'resolved' }, 'Ada resolved it'],
    [
      'set_resolved_in_release',
      { version: 'shop@2', reason: 'resolved in shop@2 for production' },
      'Ada resolved it in shop@2 for production'
    ],
    [
      'set_resolved_in_commit',
      { reason: 'resolved by commit 0123456' },
      'Ada resolved it by commit 0123456'
    ],
    [
      'set_ignored',
      { reason: 'archived until it escalates' },
      'Ada archived it until it escalates'
    ],
    ['set_unresolved', { reason: 'unresolved' }, 'Ada reopened it'],
    [
      'set_unresolved',
      { reason: 'reopened: it was archived until 5 more events' },
      'Reopened: it was archived until 5 more events'
    ],
    ['set_escalating', { reason: 'escalating: 90 events' }, 'Escalating: 90 events'],
    ['set_regression', {}, 'Came back'],
    [
      'set_regression',
      { reason: 'reopened: seen in shop@2.3.1 (production), resolved in shop@2.3.0' },
      'Reopened: seen in shop@2.3.1 (production), resolved in shop@2.3.0'
    ],
    ['reconsidered', { status: 'resolved', reason: null }, 'Looked at again: it is resolved'],
    ['assigned', { assigneeType: 'user', assigneeName: 'Bob' }, 'Ada assigned it to Bob'],
    ['assigned', { assigneeType: 'user', assigneeName: 'Ada' }, 'Ada took it'],
    ['assigned', { assigneeType: 'team', assigneeName: 'everyone' }, 'Ada assigned it to everyone'],
    ['unassigned', {}, 'Ada assigned it to nobody'],
    ['merge', { issues: [{ id: '2', shortId: 'SHOP-2' }] }, 'Ada merged 1 issue into it'],
    ['unmerge_source', { fingerprints: ['a', 'b'] }, 'Ada split 2 fingerprints out of it'],
    ['set_to_music', null, 'Ada: set to music']
  ] as const) {
    expect(sentence(entry(type, data)).text).toBe(text);
  }
  const commit = { reason: 'resolved by commit beef' };
  expect(sentence(entry('set_resolved_in_commit', commit, null)).text).toBe(
    'Resolved by commit beef'
  );
});

test('the issues that it is about can be followed', () => {
  const merge = sentence(entry('merge', { issues: [{ id: '2', shortId: 'SHOP-2' }, null] }));
  expect(merge.issues).toEqual([{ id: '2', shortId: 'SHOP-2' }]);
  const split = sentence(entry('unmerge_destination', { source: { id: '3' } }));
  expect(split.issues).toEqual([{ id: '3', shortId: '#3' }]);
});

test('an undo says of what', () => {
  const merge = { ...entry('merge'), id: '7' };
  const undo = entry('undo', { activity: '7' });
  expect(sentence(undo, [undo, merge]).text).toBe('Ada undid the merge');
  expect(sentence(undo).text).toBe('Ada undid an earlier change');
});
