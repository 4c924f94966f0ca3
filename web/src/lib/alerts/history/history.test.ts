import { expect, test } from 'vitest';
import type { Delivery, Firing } from '$lib/api/types';
import { answerOf, channelNameOf, nameOf, nextOf, stateOf } from './deliveries';
import { changeFilters, readFilters } from './filters';
import { latencyOf } from './latency';
import { byFiring } from './undelivered';

test('the filters come back from the URL, and another one begins at the first page', () => {
  const filters = readFilters(new URLSearchParams('project=7&rule=12&show=dead&cursor=abc'));
  expect(changeFilters(filters, { cursor: 'abc' })).toBe(
    '/alerts/history?show=dead&project=7&rule=12&cursor=abc'
  );
  expect(changeFilters(filters, { rule: null, project: null, show: '' })).toBe('/alerts/history');
  expect(readFilters(new URLSearchParams('show=else')).show).toBe('');
});

test('latency is of each message once', () => {
  const took = (id: string, latencyMillis: number | null) => ({ id, latencyMillis });
  expect(latencyOf([took('1', null)])).toBeNull();
  expect(latencyOf([took('1', 400), took('1', 400), took('2', 800), took('3', null)])).toEqual({
    count: 2,
    median: 600,
    slowest: 800
  });
  expect(latencyOf([took('1', 9), took('2', 1), took('3', 5)])?.median).toBe(5);
});

test.each([
  ['delivered', 1, 840, 'Delivered', 'in 840 ms'],
  ['dead', 1, null, 'Not delivered', 'given up after 1 try'],
  ['dead', 12, null, 'Not delivered', 'given up after 12 tries'],
  ['waiting', 0, null, 'On its way', ''],
  ['waiting', 2, null, 'Trying again', 'after 2 tries'],
  ['dropped', 0, null, 'Dropped', 'nobody is there who wants it'],
  ['dropped', 1, null, 'Not delivered', 'not sent']
])('%s after %i tries', (state, tries, latencyMillis, word, note) => {
  const delivery = { state, tries, latencyMillis } as Delivery;
  expect(stateOf(delivery)).toMatchObject({ word, note });
});

test('an answer is told as it was', () => {
  const tried = { date: '', millis: 1200 };
  expect(answerOf({ ...tried, status: 404, answer: 'gone' })).toBe('404 in 1.2 s: gone');
  expect(answerOf({ ...tried, status: 200, answer: '' })).toBe('200 in 1.2 s');
  expect(answerOf({ ...tried, status: null, answer: 'timed out' })).toBe('timed out');
  expect(answerOf({ ...tried, status: null, answer: '' })).toBe('no answer in 1.2 s');
});

test('whoever is gone still has a name', () => {
  const to = (to: object) => ({ to }) as Delivery;
  expect(nameOf(to({ type: 'member', id: '1', name: null }))).toBe('A member who left');
  expect(channelNameOf(to({ type: 'member', id: '1' }))).toBe('E-mail');
  const slack = to({ type: 'destination', id: '3', name: '#alerts', channel: 'slack_webhook' });
  expect([nameOf(slack), channelNameOf(slack)]).toEqual(['#alerts', 'Slack webhook']);
});

test('what was not delivered stands beneath the latest that it tells of', () => {
  const firings = [{ id: '3' }, { id: '2' }, { id: '1' }] as Firing[];
  const told = (id: string, ...of: string[]) => ({ id, firings: of }) as Delivery;
  const merged = told('20', '1', '3');
  const [first, digest, long] = [told('10', '1'), told('30'), told('5', '0')];
  expect(byFiring([digest, merged, first, long], firings)).toEqual({
    firings: [
      { id: '3', deliveries: [merged] },
      { id: '1', deliveries: [first] }
    ],
    others: [digest, long]
  });
});

test('the next try never stands in the past', () => {
  const nextTry = '2026-03-01T10:00:00Z';
  const due = Date.parse(nextTry);
  const waiting = { state: 'waiting', tries: 2, nextTry };
  expect(nextOf(waiting, due - 1)).toMatch(/^next 1 Mar 2026, /);
  expect(nextOf(waiting, due)).toBe('next as soon as it answers: asked about every half minute');
  expect(nextOf({ ...waiting, state: 'dead' }, due)).toBe('');
});
