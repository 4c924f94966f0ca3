import { expect, test } from 'vitest';
import { bodyOf, draftOf, freshDraft, placed, trialOf, type Draft } from './draft';

const HALF: Draft = {
  ...freshDraft('7'),
  conditions: [
    { type: 'title', pattern: '' },
    { type: 'environment', names: [] },
    { type: 'tag', key: '', pattern: '*' },
    { type: 'younger', minutes: 0 },
    { type: 'assignee', to: null }
  ]
};

test('a rule without a name is called by what it watches', () => {
  expect(bodyOf({ ...freshDraft(null), name: ' ' }).name).toBe('A new issue');
  expect(bodyOf({ ...freshDraft(null), name: ' Mine ' }).name).toBe('Mine');
});

test('what is not written yet is not tried, and faults stay where they are', () => {
  expect(trialOf(HALF).conditions).toEqual(HALF.conditions.slice(3));
  const faults = [
    { field: 'conditions[0].minutes', text: 'Minutes is 1 to 5270400.' },
    { field: 'when[0].count', text: 'Count is 1 to 10.' }
  ];
  expect(placed(faults, HALF).map(({ field }) => field)).toEqual([
    'conditions[3].minutes',
    'when[0].count'
  ]);
});

test('writing a rule does not change the one that is saved', () => {
  const saved = {
    ...HALF,
    id: '1',
    name: 'Saved',
    dateCreated: '',
    project: null,
    toOwners: false
  };
  const draft = draftOf(saved);
  draft.when.push({ type: 'regressed' });
  expect(saved.when).toHaveLength(1);
});
