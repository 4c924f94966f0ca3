/** The answer of the sessions endpoint as what the charts draw. Pure. */
import type { Sessions } from '$lib/api/types';
import type { Line } from '$lib/charts/LineChart.svelte';
import type { Series } from '$lib/charts/BarChart.svelte';

const STATUSES = [
  { status: 'healthy', name: 'healthy', colour: 'var(--bar)' },
  { status: 'errored', name: 'with errors', colour: 'var(--warning)' },
  { status: 'unhandled', name: 'unhandled', colour: 'var(--info)' },
  { status: 'abnormal', name: 'abnormal', colour: 'var(--debug)' },
  { status: 'crashed', name: 'crashed', colour: 'var(--error)' }
];

export const timesOf = (sessions: Sessions) =>
  sessions.intervals.map((date) => Date.parse(date) / 1000);

/** How sessions ended, bar by bar; ways in which none ended are left out. */
export function endings(sessions: Sessions): Series[] {
  const series = STATUSES.map(({ status, ...shown }) => {
    const group = sessions.groups.find(({ by }) => by['session.status'] === status);
    const counts = (group?.series['sum(session)'] ?? []) as (number | null)[];
    return { ...shown, counts: counts.map((count) => count ?? 0) };
  });
  return series.filter(({ counts }) => counts.some((count) => count > 0));
}

/** The shares without a crash, in percent. */
export function crashFree(sessions: Sessions): Line[] {
  const lines = [
    { field: 'crash_free_rate(session)', name: 'sessions', colour: 'var(--good)' },
    { field: 'crash_free_rate(user)', name: 'users', colour: 'var(--info)' }
  ];
  const found = lines.map(({ field, ...shown }) => {
    const rates = (sessions.groups[0]?.series[field] ?? []) as (number | null)[];
    return { ...shown, rates: rates.map((rate) => (rate === null ? null : rate * 100)) };
  });
  return found.filter(({ rates }) => rates.some((rate) => rate !== null));
}
