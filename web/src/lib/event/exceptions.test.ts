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

test('a member stands within its group, and its cause beside it', () => {
  const at = (id: number, parent: number | null, source: string, group = false): Exception => ({
    type: `E${id}`,
    mechanism: { exception_id: id, parent_id: parent, source, is_exception_group: group }
  });
  const values = [
    at(4, 2, 'exceptions[1]'),
    at(3, 2, 'exceptions[0]'),
    at(2, 0, 'exceptions[1]', true),
    at(5, 1, '__cause__'),
    at(1, 0, 'exceptions[0]'),
    at(0, null, '', true)
  ];
  expect(readingOrder(values).map(({ exception, depth }) => [exception.type, depth])).toEqual([
    ['E0', 0],
    ['E1', 1],
    ['E5', 1],
    ['E2', 1],
    ['E3', 2],
    ['E4', 2]
  ]);
});

test('exceptions that name each other as parents end somewhere', () => {
  const round = (id: number, parent: number): Exception => ({
    mechanism: { exception_id: id, parent_id: parent, is_exception_group: true }
  });
  expect(readingOrder([round(1, 2), round(2, 1)]).every(({ depth }) => depth <= 5)).toBe(true);
});

test('a mechanism that is no object says nothing', () => {
  expect(readingOrder([{ type: 'E', mechanism: 'odd' }])[0]?.group).toBe(false);
});
