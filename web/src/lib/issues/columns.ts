/** What a table of events shows: only what some of them tell, and what differs before what is the same. Pure. */
import type { EventSummary } from '$lib/api/types';
import { userName } from '$lib/event/summary';

export interface Column {
  label: string;
  read: (event: EventSummary) => string | null;
}

const MOST = 4;

const tag =
  (key: string) =>
  ({ tags }: EventSummary): string | null =>
    tags.find((one) => one.key === key)?.value ?? null;

const ALL: Column[] = [
  { label: 'Message', read: ({ title }) => title },
  { label: 'User', read: ({ user }) => (user ? userName(user) : null) },
  { label: 'Release', read: ({ release }) => release ?? null },
  { label: 'Environment', read: ({ environment }) => environment ?? null },
  { label: 'Transaction', read: tag('transaction') },
  { label: 'Browser', read: tag('browser') },
  { label: 'System', read: tag('os') },
  { label: 'Device', read: tag('device') },
  { label: 'Server', read: tag('server_name') }
];

export function columns(events: EventSummary[]): Column[] {
  const told = ALL.map((column) => ({ column, values: new Set(events.map(column.read)) }))
    .filter(({ values }) => values.size > 1 || !values.has(null))
    // One message that all share is the title of the page.
    .filter(({ column, values }) => column.label !== 'Message' || values.size > 1);
  const differing = told.filter(({ values }) => values.size > 1);
  const same = told.filter(({ values }) => values.size <= 1);
  const chosen = [...differing, ...same].slice(0, MOST).map(({ column }) => column);
  return ALL.filter((column) => chosen.includes(column));
}
