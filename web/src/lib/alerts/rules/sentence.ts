/** A rule as sentences that somebody can read aloud. Pure. */
import type { AlertAction, AlertRule, Destination, User } from '$lib/api/types';
import { period, timeOfDay } from '$lib/format/span';
import { conditionWords, listed } from './conditions';
import { TRIGGERS, triggerWords } from './triggers';

/** What a rule says, saved or not. */
export type Said = Pick<
  AlertRule,
  'when' | 'conditions' | 'actions' | 'atMostEvery' | 'quiet' | 'enabled'
>;

/** What the ids in a rule stand for. */
export interface Names {
  people: Pick<User, 'id' | 'name'>[];
  destinations: Pick<Destination, 'id' | 'name'>[];
}

/** `an issue is new or a resolved issue comes back, if the environment is production`. */
export function watches({ when, conditions }: Pick<Said, 'when' | 'conditions'>, names: Names) {
  const triggers = listed(when.map(triggerWords), 'or') || 'something happens';
  if (conditions.length === 0) return triggers;
  const person = (assignee: string) => personOf(assignee, names);
  return `${triggers}, if ${listed(
    conditions.map((condition) => conditionWords(condition, person)),
    'and'
  )}`;
}

/** `mail everyone and tell #alerts`. */
export const tells = ({ actions }: Pick<Said, 'actions'>, names: Names): string =>
  listed(
    actions.map((action) => actionWords(action, names)),
    'and'
  ) || 'tell nobody';

/** The whole rule. `project` is the name of the one that it watches, null for all. */
export function sentence(rule: Said, project: string | null, names: Names): string {
  const where = project === null ? 'In every project' : `In ${project}`;
  return `${where}, when ${watches(rule, names)}: ${tells(rule, names)}.${pace(rule)}`;
}

/** Whether it tells somebody by e-mail, a member or a destination. */
export const mails = (
  { actions }: Pick<Said, 'actions'>,
  { destinations }: { destinations: Pick<Destination, 'id' | 'channel'>[] }
): boolean =>
  actions.some(
    (action) =>
      action.type === 'mail' ||
      destinations.find(({ id }) => id === action.destination)?.channel.type === 'email'
  );

/** How often, and when not. */
function pace(rule: Said): string {
  const often = rule.atMostEvery > 0 ? ` ${pause(rule)}.` : '';
  const hours = quietHours(rule);
  return hours ? `${often} ${hours}: what fires then is told afterwards.` : often;
}

/** `At most once every 30 minutes for the same issue`. */
export function pause({ when, atMostEvery }: Pick<Said, 'when' | 'atMostEvery'>): string {
  const about = when.length > 0 && when.every(isOfProject) ? '' : ' for the same issue';
  return atMostEvery > 0 ? `At most once every ${period(atMostEvery)}${about}` : 'Every time';
}

/** `Quiet from 22:00 to 07:00 (Europe/Berlin)`; empty where no hour is. */
export function quietHours({ quiet }: Pick<Said, 'quiet'>): string {
  if (!quiet) return '';
  return `Quiet from ${timeOfDay(quiet.from)} to ${timeOfDay(quiet.until)} (${quiet.zone || '…'})`;
}

const OF_PROJECTS = ['project_spike', 'crash_free', 'error_rate', 'bad_release', 'silence'];
const isOfProject = ({ type }: { type: string }) => OF_PROJECTS.includes(type);

function actionWords(action: AlertAction, names: Names): string {
  if (action.type === 'send') {
    const found = names.destinations.find(({ id }) => id === action.destination);
    return `tell ${found?.name ?? 'a destination that is gone'}`;
  }
  if (action.to === 'everyone') return 'mail everyone';
  if (action.to === 'assignee') return 'mail its assignee';
  const members = (action.members ?? []).map((id) => personOf(`user:${id}`, names));
  return `mail ${listed(members, 'and') || '…'}`;
}

function personOf(assignee: string, { people }: Names): string {
  if (assignee.startsWith('team:')) return 'everyone';
  const found = people.find(({ id }) => `user:${id}` === assignee);
  return found?.name ?? 'somebody who left';
}

/** A name for a rule that was given none: `A new issue, a regression and 2 more`. */
export function suggestion(when: Said['when']): string {
  const kinds = [...new Set(when.map(({ type }) => type))];
  const labels = kinds.flatMap((type) => TRIGGERS.find((kind) => kind.type === type)?.label ?? []);
  const words = labels.map((label, at) => (at === 0 ? label : small(label)));
  if (words.length > 3) return `${words.slice(0, 2).join(', ')} and ${words.length - 2} more`;
  return listed(words, 'or') || 'A rule';
}

const small = (label: string) => label.charAt(0).toLowerCase() + label.slice(1);
