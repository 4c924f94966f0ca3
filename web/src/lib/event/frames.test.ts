import { expect, test } from 'vitest';
import type { Frame } from '$lib/api/types';
import { asText, newestFirst, runs } from './frames';

const frame = (name: string, inApp: boolean): Frame => ({
  function: name,
  filename: `${name}.py`,
  lineNo: 7,
  inApp,
  context: []
});

const trace = {
  frames: [frame('serve', false), frame('route', false), frame('view', true)],
  hasSystemFrames: true
};

test('system frames next to each other are one run', () => {
  const found = runs(newestFirst(trace)).map(({ at, system, frames }) => [
    at,
    system,
    frames.length
  ]);
  expect(found).toEqual([
    [0, false, 1],
    [1, true, 2]
  ]);
});

test('a trace reads as text, newest call first', () => {
  expect(asText({ type: 'KeyError', value: "'id'", stacktrace: trace })).toBe(
    "KeyError: 'id'\n  at view (view.py:7)\n  at route (route.py:7)\n  at serve (serve.py:7)"
  );
});
