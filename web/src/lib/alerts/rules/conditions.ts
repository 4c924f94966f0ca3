/** What has to hold for a rule to fire: how it begins when it is added, and as words. Pure. */
import type { AlertCondition, AlertTest } from '$lib/api/types';
import { span } from '$lib/format/span';

export interface ConditionKind {
  type: AlertTest['type'];
  label: string;
  /** The choice between holding and not holding. */
  holds: [yes: string, no: string];
  /** As it is added. */
  fresh: AlertTest;
}

const IS: [string, string] = ['is', 'is not'];
const MATCHES: [string, string] = ['matches', 'does not match'];

export const CONDITIONS: ConditionKind[] = [
  {
    type: 'environment',
    label: 'Environment',
    holds: ['is one of', 'is none of'],
    fresh: { type: 'environment', names: [] }
  },
  {
    type: 'level',
    label: 'Level',
    holds: ['is at least', 'is below'],
    fresh: { type: 'level', least: 'error' }
  },
  {
    type: 'release',
    label: 'Release',
    holds: MATCHES,
    fresh: { type: 'release', pattern: '' }
  },
  { type: 'tag', label: 'Tag', holds: MATCHES, fresh: { type: 'tag', key: '', pattern: '' } },
  {
    type: 'platform',
    label: 'Platform',
    holds: ['is one of', 'is none of'],
    fresh: { type: 'platform', names: [] }
  },
  { type: 'assignee', label: 'Assignee', holds: IS, fresh: { type: 'assignee', to: null } },
  { type: 'title', label: 'Title', holds: MATCHES, fresh: { type: 'title', pattern: '' } },
  {
    type: 'type',
    label: 'Type of the exception',
    holds: MATCHES,
    fresh: { type: 'type', pattern: '' }
  },
  {
    type: 'younger',
    label: 'First seen',
    holds: ['less than', 'at least'],
    fresh: { type: 'younger', minutes: 60 }
  }
];

export const kindOf = (type: string): ConditionKind | undefined =>
  CONDITIONS.find((kind) => kind.type === type);

export const LEVELS = ['fatal', 'error', 'warning', 'info', 'debug'];

/** Whether it says something: one that was just added may still be empty. */
export function isFinished(condition: AlertCondition): boolean {
  if ('names' in condition) return condition.names.length > 0;
  if ('key' in condition && condition.key === '') return false;
  return !('pattern' in condition) || condition.pattern !== '';
}

/** The first two conditions on the level that no event meets together; none where there is one that does. */
export function contradiction(conditions: AlertCondition[]): string | null {
  const rank = (level: string) => -LEVELS.indexOf(level);
  const levels = conditions.filter((one) => one.type === 'level');
  const least = levels.filter(({ negated }) => !negated);
  const below = levels.filter(({ negated }) => negated);
  for (const floor of least) {
    const ceiling = below.find((one) => rank(one.least) <= rank(floor.least));
    if (ceiling)
      return `No event is at least ${floor.least} and below ${ceiling.least}: it never fires.`;
  }
  return below.some((one) => one.least === LEVELS.at(-1))
    ? `No event is below ${LEVELS.at(-1)}: it never fires.`
    : null;
}

/** Words with commas, and `last` before the last one. */
export function listed(words: string[], last: string): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

/** What stands for something that is not filled in yet. */
const OPEN = '…';
const or = (names: string[]) => listed(names, 'or') || OPEN;

/** What follows `if`: `the environment is production`. `person` names an assignee. */
export function conditionWords(
  condition: AlertCondition,
  person: (assignee: string) => string
): string {
  const no = condition.negated ?? false;
  const is = no ? 'is not' : 'is';
  const matches = no ? 'does not match' : 'matches';
  switch (condition.type) {
    case 'environment':
    case 'platform':
      return `the ${condition.type} ${is} ${or(condition.names)}`;
    case 'level':
      return `the level is ${no ? 'below' : 'at least'} ${condition.least}`;
    case 'release':
    case 'title':
    case 'type':
      return `the ${condition.type} ${matches} ${condition.pattern || OPEN}`;
    case 'tag':
      return `the tag ${condition.key || OPEN} ${matches} ${condition.pattern || OPEN}`;
    case 'assignee':
      if (!condition.to) return no ? 'it is somebody’s' : 'it is nobody’s';
      return `it ${is} assigned to ${person(condition.to)}`;
    case 'younger':
      return `it was first seen ${no ? 'at least' : 'less than'} ${span(condition.minutes)} ago`;
  }
}
