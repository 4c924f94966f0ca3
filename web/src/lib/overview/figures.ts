/** The figures of an overview, from what was loaded for it. Pure. */
import type { Issue, Outcomes, Sessions } from '$lib/api/types';
import { full, short } from '$lib/format/number';
import { percent } from '$lib/format/share';
import { arrived, named, total } from '$lib/outcomes/totals';
import { crashFree, MOST, type Where } from './load';

interface Known {
  stats: Outcomes;
  newest: Issue[];
  regressed: Issue[];
  escalating: Issue[];
  sessions: Sessions | null;
}

const sum = (stats: Outcomes, wanted: (outcome: string) => boolean) =>
  stats.groups
    .filter((group) => arrived(group) && wanted(named(group, 'outcome')))
    .reduce((all, group) => all + total(group), 0);

/** A list that fills its page may be longer. */
const counted = (issues: unknown[]) =>
  issues.length >= MOST ? `${full(MOST)}+` : full(issues.length);

/** The address of issues at the same place and over the same time. */
export function issuesAt({ project, statsPeriod }: Where, more: Record<string, string>): string {
  const search = new URLSearchParams({ ...(project ? { project } : {}), statsPeriod, ...more });
  return `/issues?${search}`;
}

export function figures({ stats, newest, regressed, escalating, sessions }: Known, where: Where) {
  const accepted = sum(stats, (outcome) => outcome === 'accepted');
  const dropped = sum(stats, (outcome) => outcome !== 'accepted');
  const start = Date.parse(stats.start);
  const fresh = newest.filter(({ firstSeen }) => Date.parse(firstSeen) >= start);
  const rate = crashFree(sessions, 'session');
  const users = crashFree(sessions, 'user');
  const project: Record<string, string> = where.project ? { project: where.project } : {};
  const toStats = `/stats?${new URLSearchParams({ ...project, statsPeriod: where.statsPeriod })}`;
  return [
    { label: 'Kept', value: short(accepted), note: 'events and other items', href: toStats },
    {
      label: 'New issues',
      value: counted(fresh),
      href: issuesAt(where, { query: '', sort: 'new' })
    },
    {
      label: 'Regressed',
      value: counted(regressed),
      href: issuesAt(where, { query: 'is:regressed' }),
      ...(regressed.length > 0 ? { tone: 'error' as const } : {})
    },
    {
      label: 'Escalating',
      value: counted(escalating),
      href: issuesAt(where, { query: 'is:escalating' }),
      ...(escalating.length > 0 ? { tone: 'warning' as const } : {})
    },
    {
      label: 'Crash-free sessions',
      value: rate === null ? '–' : percent(rate),
      note:
        rate === null ? 'no sessions reported' : users === null ? '' : `users ${percent(users)}`,
      href: `/releases?${new URLSearchParams(project)}`
    },
    {
      label: 'Not kept',
      value: short(dropped),
      note: 'filtered, limited or invalid',
      href: toStats,
      ...(dropped > accepted ? { tone: 'warning' as const } : {})
    },
    { label: 'Waiting', value: short(stats.pending), note: 'received, not yet counted' }
  ];
}
