/** The filters of the issue list as they stand in its URL. */
import type { Params } from '$lib/api/client';

export const DEFAULT_QUERY = 'is:unresolved';
export const DEFAULT_PERIOD = '14d';
const DEFAULT_SORT = 'date';

export const PERIODS = [
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
  { value: '14d', label: 'Last 14 days' },
  { value: '30d', label: 'Last 30 days' },
  { value: '90d', label: 'Last 90 days' }
];

export const SORTS = [
  { value: 'date', label: 'Last seen' },
  { value: 'new', label: 'First seen' },
  { value: 'freq', label: 'Events' },
  { value: 'user', label: 'Users' },
  { value: 'priority', label: 'Priority' }
];

export interface Filters {
  query: string;
  /** Ids of the projects that are meant; all when none is. */
  project: string[];
  environment: string | null;
  statsPeriod: string;
  sort: string;
}

export function readFilters(search: URLSearchParams): Filters {
  return {
    query: search.get('query') ?? DEFAULT_QUERY,
    project: search.getAll('project').filter(Boolean),
    environment: search.get('environment'),
    statsPeriod: known(PERIODS, search.get('statsPeriod')) ?? DEFAULT_PERIOD,
    sort: known(SORTS, search.get('sort')) ?? DEFAULT_SORT
  };
}

/** The URL with some filters changed; a default is left out of it. */
export function changeFilters(filters: Filters, change: Partial<Filters>): string {
  const next = { ...filters, ...change };
  const search = new URLSearchParams();
  for (const id of next.project) search.append('project', id);
  if (next.query !== DEFAULT_QUERY) search.set('query', next.query);
  if (next.environment) search.set('environment', next.environment);
  if (next.statsPeriod !== DEFAULT_PERIOD) search.set('statsPeriod', next.statsPeriod);
  if (next.sort !== DEFAULT_SORT) search.set('sort', next.sort);
  return search.size > 0 ? `/issues?${search}` : '/issues';
}

/** The issues of a project that have a tag. */
export function tagPath(project: string, key: string, value: string): string {
  const query = `${key}:${/[\s"]/.test(value) ? JSON.stringify(value) : value}`;
  return `/issues?${new URLSearchParams({ project, query })}`;
}

const STATUS = /(^|\s)is:(unresolved|resolved|archived|ignored)(?=\s|$)/;

/** The `is:` word of a query, or an empty string. */
export const statusOf = (query: string) => STATUS.exec(query)?.[0].trim() ?? '';

/** The query with another `is:` word, or without one, and all its other words kept. */
export const withStatus = (query: string, status: string) =>
  `${status} ${query.replace(STATUS, '')}`.trim().replace(/\s+/g, ' ');

/** The same filters as the API takes them. */
export const toParams = (filters: Filters): Params => ({ ...filters });

/** All that they find, whatever the order, as a change takes it. */
export const toChoice = ({ query, project, environment, statsPeriod }: Filters): Params => ({
  query,
  project,
  environment,
  statsPeriod
});

function known(options: { value: string }[], value: string | null): string | null {
  return options.some((option) => option.value === value) ? value : null;
}
