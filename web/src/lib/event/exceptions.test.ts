import { expect, test } from 'vitest';
import type { Exception } from '$lib/api/types';
import { readingOrder } from './exceptions';

const relations = (values: Exception[]) =>
  readingOrder(values).map(({ exception, relation }) => [exception.type, relation]);

test('what was thrown comes first, its cause below', () => {
  expect(relations([{ type: 'OSError' }, { type: 'RuntimeError' }])).toEqual([
    ['RuntimeError', null],
    ['OSError', 'Caused by']
  ]);
});

test('members of a group name it, and their own causes do not', () => {
  const chained = (id: number, parent: number, source: string) => ({
    exception_id: id,
    parent_id: parent,
    source
  });
  const values: Exception[] = [
    { type: 'Second', mechanism: chained(3, 0, 'exceptions[1]') },
    { type: 'Root', mechanism: chained(2, 1, '__cause__') },
    { type: 'First', mechanism: chained(1, 0, 'exceptions[0]') },
    { type: 'Group', mechanism: { exception_id: 0, is_exception_group: true } }
  ];
  expect(relations(values)).toEqual([
    ['Group', null],
    ['First', 'In group Group'],
    ['Root', 'Caused by'],
    ['Second', 'In group Group']
  ]);
});

test('a mechanism that is no object says nothing', () => {
  expect(readingOrder([{ type: 'E', mechanism: 'odd' }])[0]?.group).toBe(false);
});
