/** The filters of the release list as they stand in its URL, and addresses of releases. */
import type { Params } from '$lib/api/client';

export const DEFAULT_STATUS = 'open';

export const STATUSES = [
  { value: 'open', label: 'Active' },
  { value: 'archived', label: 'Archived' },
  { value: '', label: 'All' }
];

/** The period of the counts in the list. */
export const PERIOD = '14d';

export interface Filters {
  query: string;
  project: string | null;
  environment: string | null;
  status: string;
  cursor: string | null;
}

export function readFilters(search: URLSearchParams): Filters {
  const status = search.get('status') ?? DEFAULT_STATUS;
  return {
    query: search.get('query') ?? '',
    project: search.get('project'),
    environment: search.get('environment'),
    status: STATUSES.some(({ value }) => value === status) ? status : DEFAULT_STATUS,
    cursor: search.get('cursor')
  };
}

/** The URL with some filters changed, from its first page on; a default is left out of it. */
export function changeFilters(filters: Filters, change: Partial<Filters>): string {
  const next = { ...filters, cursor: null, ...change };
  const search = new URLSearchParams();
  if (next.project) search.set('project', next.project);
  if (next.query) search.set('query', next.query);
  if (next.environment) search.set('environment', next.environment);
  if (next.status !== DEFAULT_STATUS) search.set('status', next.status);
  if (next.cursor) search.set('cursor', next.cursor);
  return search.size > 0 ? `/releases?${search}` : '/releases';
}

/** The same filters as the API takes them. */
export const toParams = ({ status, query, ...filters }: Filters): Params => ({
  ...filters,
  query: query || null,
  status: status || null,
  health: 1,
  summaryStatsPeriod: PERIOD,
  per_page: 25
});

export interface Place {
  project?: string | null;
  environment?: string | null;
  baseline?: string | null;
}

/** The address of a release's page. */
export function releasePath(version: string, place: Place = {}): string {
  const search = new URLSearchParams();
  if (place.project) search.set('project', place.project);
  if (place.environment) search.set('environment', place.environment);
  if (place.baseline) search.set('baseline', place.baseline);
  const path = `/releases/${encodeURIComponent(version)}`;
  return search.size > 0 ? `${path}?${search}` : path;
}
