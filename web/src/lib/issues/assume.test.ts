import { expect, test } from 'vitest';
import type { User } from '$lib/api/types';
import { assume } from './assume';

const person = (id: string, name: string) => ({ id, name, email: `${name}@a` }) as User;
const ME = person('1', 'ada');
const assumed = (edit: object) => assume(edit, [ME, person('2', 'bob')], ME);

test('a status is assumed with what it brings along', () => {
  expect(assumed({ status: 'resolved' })).toEqual({ status: 'resolved', substatus: null });
  expect(assumed({ status: 'unresolved' })).toEqual({ status: 'unresolved', substatus: 'ongoing' });
  expect(assumed({ status: 'ignored', substatus: 'archived_forever' })).toEqual({
    status: 'ignored',
    substatus: 'archived_forever'
  });
});

test('whoever gets it has a name at once, and what is not changed is not assumed', () => {
  expect(assumed({ assignedTo: 'me' })).toEqual({
    assignedTo: { type: 'user', id: '1', name: 'ada', email: 'ada@a' }
  });
  expect(assumed({ assignedTo: 'user:2' }).assignedTo?.name).toBe('bob');
  expect(assumed({ assignedTo: '' })).toEqual({ assignedTo: null });
  expect(assumed({ isBookmarked: true })).toEqual({});
});
