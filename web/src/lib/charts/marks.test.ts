import { expect, test } from 'vitest';
import { flags, type Mark } from './marks';

const mark = (time: number): Mark => ({ time, label: `at ${time}`, note: '', href: '' });

test('marks stand at their time, and those outside of the axis nowhere', () => {
  expect(flags([mark(99), mark(100), mark(150), mark(200)], 100, 200, 300)).toEqual([
    { x: 0, marks: [mark(100)] },
    { x: 150, marks: [mark(150)] }
  ]);
});

test('marks too close to each other share a flag, in the order of time', () => {
  const [one, ...others] = flags([mark(153), mark(150), mark(151)], 100, 200, 300);
  expect(others).toEqual([]);
  expect(one?.marks.map(({ time }) => time)).toEqual([150, 151, 153]);
});
