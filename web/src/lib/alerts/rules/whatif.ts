/** What a rule would have done, as words and for a chart. Pure. */
import type { AlertCause, Backtest, Moment } from '$lib/api/types';
import type { Mark } from '$lib/charts/marks';
import { full } from '$lib/format/number';
import { period, span } from '$lib/format/span';

/** `It would have fired 7 times in the last 14 days`. */
export function verdict({ fired, days }: Pick<Backtest, 'fired' | 'days'>): string {
  const times = fired === 1 ? 'once' : `${full(fired)} times`;
  const last = `in the last ${period(days * 1440)}`;
  return fired === 0 ? `It would not have fired ${last}` : `It would have fired ${times} ${last}`;
}

/** How often that is; empty where the first sentence says it all. */
export function rhythm({ fired, days }: Pick<Backtest, 'fired' | 'days'>): string {
  if (fired <= days) return '';
  const minutes = (days * 1440) / fired;
  const rough = minutes >= 60 ? Math.round(minutes / 60) * 60 : Math.max(1, Math.round(minutes));
  return `That is one message every ${rough % 1440 === 0 ? period(rough) : span(rough)} or so.`;
}

const HOUR = 3600;

/** Hours put together, `width` seconds each bar: at most some sixty have room. */
export function bars({ start, end, hours }: Pick<Backtest, 'start' | 'end' | 'hours'>) {
  const [first, last] = [Date.parse(start) / 1000, Date.parse(end) / 1000];
  const width = HOUR * Math.max(1, Math.ceil((last - first) / HOUR / 60));
  const from = Math.floor(first / width) * width;
  const times = Array.from(
    { length: Math.max(1, Math.ceil((last - from) / width)) },
    (_, at) => from + at * width
  );
  const counts = times.map(() => 0);
  for (const [time, count] of hours) {
    const at = Math.floor((Number(time) - from) / width);
    if (counts[at] !== undefined) counts[at] += Number(count);
  }
  return { times, counts };
}

/** Where one reads on: the issue, or those of the project. */
export const hrefOf = (cause: AlertCause | undefined, project: { id: string }): string =>
  cause?.issue ? `/issues/${cause.issue.id}` : `/issues?project=${project.id}`;

/** What a moment is about: its issue, or how many there are. */
export function aboutOf({ causes, total, project }: Pick<Moment, 'causes' | 'total' | 'project'>) {
  if (total > 1) return `${full(total)} at once`;
  return causes[0]?.issue?.shortId ?? project.name;
}

/** The moments as flags on the chart. */
export const toMarks = (moments: Moment[]): Mark[] =>
  moments.map((moment) => ({
    time: Date.parse(moment.time) / 1000,
    label: aboutOf(moment),
    note: moment.causes[0]?.why ?? '',
    href: hrefOf(moment.causes[0], moment.project)
  }));
