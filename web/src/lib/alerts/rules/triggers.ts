/** What makes a rule fire: how it begins when it is added, and as words. Pure. */
import type { Trigger } from '$lib/api/types';
import { plural } from '$lib/format/number';
import { span } from '$lib/format/span';

type Kind = Trigger['type'];

export interface TriggerKind {
  type: Kind;
  label: string;
  /** What it means, in small. */
  about: string;
  /** As it is added. */
  fresh: Trigger;
}

/** In the order in which they are offered; of an issue first, then of the project. */
export const TRIGGERS: TriggerKind[] = [
  {
    type: 'new_issue',
    label: 'A new issue',
    about: 'An issue is seen for the first time.',
    fresh: { type: 'new_issue' }
  },
  {
    type: 'regressed',
    label: 'A regression',
    about: 'A resolved issue comes back.',
    fresh: { type: 'regressed' }
  },
  {
    type: 'escalated',
    label: 'An archived issue escalates',
    about: 'It comes back, since there is more of it than before.',
    fresh: { type: 'escalated' }
  },
  {
    type: 'issue_spike',
    label: 'A spike of an issue',
    about:
      'Many more events of an issue than usual at that time of the day and week. Its end is told, too.',
    fresh: { type: 'issue_spike' }
  },
  {
    type: 'events',
    label: 'Many events of an issue',
    about: 'As many events as you say, within a period.',
    fresh: { type: 'events', count: 100, minutes: 60 }
  },
  {
    type: 'users',
    label: 'Many users of an issue',
    about: 'As many different users as you say, within a period.',
    fresh: { type: 'users', count: 10, minutes: 60 }
  },
  {
    type: 'project_spike',
    label: 'A spike of the project',
    about:
      'Many more events in the whole project than usual at that time of the day and week. Its end is told, too.',
    fresh: { type: 'project_spike' }
  },
  {
    type: 'crash_free',
    label: 'Crash-free rate',
    about: 'Too few of the sessions of a period did not crash. Its end is told, too.',
    fresh: { type: 'crash_free', below: 9900, minutes: 60, sessions: 100 }
  },
  {
    type: 'error_rate',
    label: 'Error rate',
    about:
      'Too many of the sessions of a period had an error, handled or not. Its end is told, too.',
    fresh: { type: 'error_rate', above: 500, minutes: 60, sessions: 100 }
  },
  {
    type: 'bad_release',
    label: 'A bad release',
    about: 'A young release is found to be worse than the one before it.',
    fresh: { type: 'bad_release' }
  },
  {
    type: 'silence',
    label: 'Silence',
    about: 'The project had events before, and none in a period. Its end is told, too.',
    fresh: { type: 'silence', minutes: 60 }
  }
];

export const kindOf = (type: string): TriggerKind | undefined =>
  TRIGGERS.find((kind) => kind.type === type);

/** Those that can be added: one that has no numbers only once. */
export const addable = (chosen: Trigger[]): TriggerKind[] =>
  TRIGGERS.filter(
    ({ type, fresh }) =>
      Object.keys(fresh).length > 1 || !chosen.some((trigger) => trigger.type === type)
  );

/** Hundredths of a percent as they are written: `99.5 %`. */
export const hundredths = (share: number): string =>
  Number.isFinite(share) ? `${share / 100} %` : '… %';

/** A count that may not be filled in. */
const many = (count: number, word: string): string =>
  Number.isFinite(count) ? plural(count, word) : `… ${word}s`;

/** What follows `when`: `an issue is new`. */
export function triggerWords(trigger: Trigger): string {
  switch (trigger.type) {
    case 'new_issue':
      return 'an issue is new';
    case 'regressed':
      return 'a resolved issue comes back';
    case 'escalated':
      return 'an archived issue escalates';
    case 'issue_spike':
      return 'an issue spikes';
    case 'project_spike':
      return 'the whole project spikes';
    case 'events':
      return `an issue has ${many(trigger.count, 'event')} in ${span(trigger.minutes)}`;
    case 'users':
      return `an issue has ${many(trigger.count, 'user')} in ${span(trigger.minutes)}`;
    case 'crash_free':
      return `less than ${hundredths(trigger.below)} of ${sessions(trigger, 'are crash-free')}`;
    case 'error_rate':
      return `more than ${hundredths(trigger.above)} of ${sessions(trigger, 'have an error')}`;
    case 'bad_release':
      return 'a release turns out bad';
    case 'silence':
      return `nothing arrives for ${span(trigger.minutes)}`;
  }
}

const sessions = (of: { sessions: number; minutes: number }, fare: string): string =>
  `the sessions in ${span(of.minutes)} ${fare}, with at least ${many(of.sessions, 'session')}`;
