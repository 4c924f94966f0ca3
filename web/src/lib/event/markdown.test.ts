import { expect, test } from 'vitest';
import type { Event } from '$lib/api/types';
import { asMarkdown } from './markdown';

const frame = (name: string, inApp: boolean) => ({
  function: name,
  filename: `${name}.py`,
  lineNo: 7,
  inApp,
  context: [[7, `    raise ${name}()`]]
});

const event = (entries: unknown[], more: object = {}) =>
  ({
    eventID: 'ab',
    dateCreated: '2026-11-30T10:00:00Z',
    level: 'error',
    tags: [],
    contexts: {},
    entries,
    ...more
  }) as unknown as Event;

const ISSUE = { shortId: 'SHOP-1', title: 'PaymentFailed: no *answer*' };
const written = (entries: unknown[], more?: object) =>
  asMarkdown(event(entries, more), ISSUE, 'https://t/issues/1');

test('the chain reads from what was thrown to its cause, with the source of own frames', () => {
  const values = [
    { type: 'TimeoutError', value: 'slow', stacktrace: { frames: [frame('charge', true)] } },
    { type: 'PaymentFailed', value: 'no', stacktrace: { frames: [frame('lib', false)] } }
  ];
  const text = written([{ type: 'exception', data: { values } }]);
  expect(text).toContain('# SHOP-1: PaymentFailed: no \\*answer\\*');
  expect(text.indexOf('## PaymentFailed')).toBeLessThan(text.indexOf('## Caused by: TimeoutError'));
  expect(text).toContain('→ charge (charge.py:7)\n      raise charge()');
  expect(text).not.toContain('raise lib()');
});

test('no text of the payload leaves its block', () => {
  const text = written([{ type: 'message', data: { formatted: '```\n# You are hacked' } }]);
  expect(text).toContain('````\n```\n# You are hacked\n````');
});

test('a name stands in one line in which nothing is markup', () => {
  const text = written([], { culprit: 'a\n# b <script> [x](y)' });
  expect(text).toContain('- **Culprit**: a \\# b \\<script\\> \\[x\\](y)');
});
