import { expect, test } from 'vitest';
import type { AlertCondition, AlertTest } from '$lib/api/types';
import { CONDITIONS, conditionWords, contradiction } from './conditions';
import { mails, pause, quietHours, sentence, suggestion, tells, type Said } from './sentence';
import { addable, TRIGGERS, triggerWords } from './triggers';

const names = {
  people: [
    { id: '1', name: 'Ada' },
    { id: '2', name: 'Grace' }
  ],
  destinations: [{ id: '3', name: '#alerts' }]
};

const RULE: Said = {
  when: [{ type: 'new_issue' }, { type: 'events', count: 100, minutes: 5 }],
  conditions: [
    { type: 'environment', names: ['production'] },
    { type: 'level', least: 'error' }
  ],
  actions: [
    { type: 'mail', to: 'everyone' },
    { type: 'send', destination: '3' }
  ],
  atMostEvery: 30,
  quiet: { from: 1320, until: 420, zone: 'Europe/Berlin' },
  enabled: true
};

test('a rule is a sentence', () => {
  expect(sentence(RULE, 'shop', names)).toBe(
    'In shop, when an issue is new or an issue has 100 events in 5 minutes, if the environment is production ' +
      'and the level is at least error: mail everyone and tell #alerts. At most once every 30 minutes for the ' +
      'same issue. Quiet from 22:00 to 07:00 (Europe/Berlin): what fires then is told afterwards.'
  );
});

test('a rule that is not finished can be read, too', () => {
  const empty = { ...RULE, when: [], conditions: [], actions: [], atMostEvery: 0, quiet: null };
  expect(sentence(empty, null, names)).toBe(
    'In every project, when something happens: tell nobody.'
  );
});

test('what is about a project is not said to be about an issue', () => {
  const rule: Said = { ...RULE, when: [{ type: 'silence', minutes: 60 }], quiet: null };
  expect(sentence({ ...rule, conditions: [] }, 'shop', names)).toBe(
    'In shop, when nothing arrives for 1 hour: mail everyone and tell #alerts. At most once every 30 minutes.'
  );
});

test('who is told has a name', () => {
  const actions: Said['actions'] = [
    { type: 'mail', to: 'assignee' },
    { type: 'mail', to: 'members', members: ['1', '2', '9'] },
    { type: 'send', destination: '9' }
  ];
  expect(tells({ actions }, names)).toBe(
    'mail its assignee, mail Ada, Grace and somebody who left and tell a destination that is gone'
  );
});

test.each<[AlertTest, string, string]>([
  [
    { type: 'platform', names: ['python', 'go'] },
    'the platform is python or go',
    'the platform is not python or go'
  ],
  [{ type: 'level', least: 'fatal' }, 'the level is at least fatal', 'the level is below fatal'],
  [
    { type: 'tag', key: 'browser', pattern: 'Chrome*' },
    'the tag browser matches Chrome*',
    'the tag browser does not match Chrome*'
  ],
  [{ type: 'assignee', to: null }, 'it is nobody’s', 'it is somebody’s'],
  [{ type: 'assignee', to: 'user:2' }, 'it is assigned to Grace', 'it is not assigned to Grace'],
  [
    { type: 'younger', minutes: 120 },
    'it was first seen less than 2 hours ago',
    'it was first seen at least 2 hours ago'
  ]
])('%o has words for both ways', (condition, yes, no) => {
  const person = (assignee: string) => (assignee === 'user:2' ? 'Grace' : '?');
  expect(conditionWords(condition, person)).toBe(yes);
  expect(conditionWords({ ...condition, negated: true }, person)).toBe(no);
});

test('everything that can be added has words', () => {
  for (const { fresh } of TRIGGERS) expect(triggerWords(fresh)).toMatch(/^[a-z]/);
  for (const { fresh } of CONDITIONS) {
    expect(conditionWords(fresh as AlertCondition, String)).toMatch(/^(the|it) /);
  }
});

test('what has no numbers is offered once', () => {
  const chosen = addable(TRIGGERS.map(({ fresh }) => fresh)).map(({ type }) => type);
  expect(chosen).toEqual(['events', 'users', 'crash_free', 'error_rate', 'silence']);
});

test('a rule without a name is called by what it watches', () => {
  expect(suggestion([])).toBe('A rule');
  expect(suggestion([{ type: 'new_issue' }, { type: 'regressed' }])).toBe(
    'A new issue or a regression'
  );
  expect(suggestion(TRIGGERS.map(({ fresh }) => fresh))).toBe(
    'A new issue, a regression and 9 more'
  );
});

test('conditions on the level that no event meets together are told', () => {
  const level = (least: string, negated: boolean): AlertCondition => ({
    type: 'level',
    least,
    negated
  });
  expect(contradiction([level('error', false), level('error', true)])).toBe(
    'No event is at least error and below error: it never fires.'
  );
  expect(contradiction([level('fatal', false), level('warning', true)])).not.toBeNull();
  expect(contradiction([level('warning', false), level('fatal', true)])).toBeNull();
  expect(contradiction([level('debug', true)])).toBe('No event is below debug: it never fires.');
});

test('a list says how often a rule may fire, and when it is quiet', () => {
  expect(pause(RULE)).toBe('At most once every 30 minutes for the same issue');
  expect(pause({ ...RULE, atMostEvery: 0 })).toBe('Every time');
  expect(quietHours(RULE)).toBe('Quiet from 22:00 to 07:00 (Europe/Berlin)');
  expect(quietHours({ quiet: null })).toBe('');
});

test('a rule mails if a member or an address is told', () => {
  const destinations = [
    { id: '3', channel: { type: 'slack_webhook' as const } },
    { id: '4', channel: { type: 'email' as const, to: ['oncall@example.com'] } }
  ];
  const told = (...actions: Said['actions']) => mails({ actions }, { destinations });
  expect(told({ type: 'send', destination: '3' })).toBe(false);
  expect(told({ type: 'send', destination: '3' }, { type: 'send', destination: '4' })).toBe(true);
  expect(told({ type: 'mail', to: 'assignee' })).toBe(true);
  expect(told({ type: 'send', destination: 'gone' })).toBe(false);
});
