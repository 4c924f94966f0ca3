import { expect, test } from 'vitest';
import type { GroupingComponent, GroupingInfo } from '$lib/api/types';
import { decisive, marksOf } from './marks';

const part = (
  id: string,
  parts: GroupingComponent[] = [],
  more: Partial<GroupingComponent> = {}
): GroupingComponent => ({ id, contributes: true, parts, ...more });

const stack = (...contributes: boolean[]) =>
  part(
    'stacktrace',
    contributes.map((counts) =>
      part('frame', [part('module'), part('function')], {
        contributes: counts,
        hint: counts ? null : 'not in app'
      })
    )
  );

const info = (component: GroupingComponent, system: GroupingComponent): GroupingInfo => ({
  eventID: 'e',
  groupID: '1',
  config: 'v1',
  recordedConfig: 'v1',
  summary: '',
  recorded: [],
  isOutdated: false,
  nearest: [],
  variants: [
    { name: 'app', hash: 'a', isRecorded: true, hasLed: false, component },
    { name: 'system', hash: 'b', isRecorded: true, hasLed: true, component: system }
  ]
});

const chain = part('chained-exception', [
  part('exception', [part('type'), stack(true, false)], { place: 0 }),
  part('exception', [part('type')], { place: 2 })
]);

test('each exception has the marks of its own frames', () => {
  const shown = info(stack(false), part('hybrid-fingerprint', [part('fingerprint'), chain]));
  expect(decisive(shown)?.name).toBe('system');
  expect(marksOf(shown, 'exception', 0)).toEqual([
    { counts: true, words: 'Counts for the grouping: module, function' },
    { counts: false, words: 'Does not count for the grouping: not in app' }
  ]);
  expect(marksOf(shown, 'exception', 1)).toBeUndefined();
  expect(marksOf(shown, 'exception', 2)).toBeUndefined();
  expect(marksOf(shown, 'stacktrace')).toBeUndefined();
});

test('threads and stack traces alone have theirs', () => {
  const thread = part('threads', [stack(true)], { place: 3 });
  expect(marksOf(info(thread, thread), 'threads', 3)?.[0]?.counts).toBe(true);
  expect(marksOf(info(thread, thread), 'stacktrace')).toBeUndefined();
  expect(marksOf(info(stack(false), stack(true)), 'stacktrace')?.[0]?.counts).toBe(true);
  expect(marksOf(null, 'stacktrace')).toBeUndefined();
});
