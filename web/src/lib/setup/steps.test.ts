import { expect, test } from 'vitest';
import { stepAt, stepPath } from './steps';

const NEW = { hasPassword: false, hasProject: false };
const NAMED = { hasPassword: true, hasProject: false };
const READY = { hasPassword: true, hasProject: true };

test('the way is taken up at the first step that is not done', () => {
  expect(stepAt(null, NEW)).toBe('account');
  expect(stepAt(null, NAMED)).toBe('project');
  expect(stepAt(null, READY)).toBe('sdk');
});

test('any step can be gone to, once there is a project to show there', () => {
  expect(stepAt('account', READY)).toBe('account');
  expect(stepAt('event', READY)).toBe('event');
  expect(stepAt('project', NEW)).toBe('project');
  expect(stepAt('event', NEW)).toBe('account');
  expect(stepAt('nonsense', READY)).toBe('sdk');
});

test('a step says which project it is about', () => {
  expect(stepPath('sdk', 'web shop')).toBe('/welcome?step=sdk&project=web+shop');
  expect(stepPath('project')).toBe('/welcome?step=project');
});
