import { expect, test } from 'vitest';
import type { Issue } from '$lib/api/types';
import {
  ARCHIVED,
  ARCHIVED_FOREVER,
  archivedFor,
  archivedUntil,
  back,
  REOPENED,
  RESOLVED,
  resolvedIn,
  told,
  waysBack
} from './decide';

type Standing = Parameters<typeof back>[0];

const ann = { type: 'user', id: '3', name: 'Ann', email: 'ann@example.com' } as const;
const actor = { id: '3', name: 'Ann', email: 'ann@example.com', username: 'ann@example.com' };

const stood = (status: string, more: Partial<Standing> = {}): Standing => ({
  id: '1',
  status,
  substatus: null,
  statusDetails: {},
  assignedTo: null,
  ...more
});

test('each standing has its way back', () => {
  expect(back(stood('unresolved', { substatus: 'regressed' }))).toEqual(REOPENED);
  expect(back(stood('unresolved', { substatus: 'new' })).edit.substatus).toBe('new');
  expect(back(stood('resolved', { statusDetails: { actor } }))).toEqual(RESOLVED);
  expect(
    back(stood('resolved', { statusDetails: { inRelease: 'shop@1', environment: 'live', actor } }))
  ).toEqual(resolvedIn({ inRelease: 'shop@1' }, 'live'));
  expect(back(stood('ignored', { substatus: 'archived_forever' }))).toEqual(ARCHIVED_FOREVER);
  expect(back(stood('ignored', { substatus: 'archived_until_escalating' }))).toEqual(ARCHIVED);
  expect(back(stood('ignored', { statusDetails: { ignoreCount: 5, ignoreWindow: 60 } }))).toEqual(
    archivedUntil({ ignoreCount: 5, ignoreWindow: 60 })
  );
});

test('issues that stood alike go back together', () => {
  const issues = [
    stood('unresolved', { id: '1' }),
    stood('resolved', { id: '2' }),
    stood('unresolved', { id: '3', assignedTo: ann as Issue['assignedTo'] })
  ];
  expect(waysBack(issues, { status: 'ignored' })).toEqual([
    { edit: { status: 'unresolved' }, ids: ['1', '3'] },
    { edit: { status: 'resolved' }, ids: ['2'] }
  ]);
  expect(waysBack(issues, { assignedTo: 'me' })).toEqual([
    { edit: { assignedTo: '' }, ids: ['1', '2'] },
    { edit: { assignedTo: 'user:3' }, ids: ['3'] }
  ]);
});

test.each([
  [RESOLVED, 'Resolved SHOP-1.'],
  [resolvedIn({ inRelease: 'latest' }), 'Resolved SHOP-1 in the current release.'],
  [resolvedIn({ inNextRelease: true }, 'live'), 'Resolved SHOP-1 in the next release for live.'],
  [resolvedIn({ inCommit: { commit: '0123456789' } }), 'Resolved SHOP-1 by commit 0123456.'],
  [REOPENED, 'Reopened SHOP-1.'],
  [ARCHIVED, 'Archived SHOP-1 until it escalates.'],
  [ARCHIVED_FOREVER, 'Archived SHOP-1 for ever.'],
  [archivedFor(60), 'Archived SHOP-1 for 1 hour.'],
  [archivedFor(1440), 'Archived SHOP-1 for 24 hours.'],
  [archivedFor(10080), 'Archived SHOP-1 for 7 days.'],
  [archivedUntil({ ignoreCount: 5 }), 'Archived SHOP-1 until there are more.'],
  [{ edit: { assignedTo: 'me' } }, 'Assigned SHOP-1.'],
  [{ edit: { assignedTo: '' } }, 'Took SHOP-1 from whoever had it.']
])('%o is told as %s', (decision, sentence) => {
  expect(told(decision, 'SHOP-1')).toBe(sentence);
});
