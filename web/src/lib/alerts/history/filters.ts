/** The filters of the alert history as they stand in its URL. */
import type { Params } from '$lib/api/client';

export interface Filters {
  project: string | null;
  rule: string | null;
  issue: string | null;
  /** Of all that fired, this one alone. */
  firing: string | null;
  /** `dead` for messages that nobody took, else empty for all that fired. */
  show: string;
  cursor: string | null;
}

export function readFilters(search: URLSearchParams): Filters {
  return {
    project: search.get('project'),
    rule: search.get('rule'),
    issue: search.get('issue'),
    firing: search.get('firing'),
    show: search.get('show') === 'dead' ? 'dead' : '',
    cursor: search.get('cursor')
  };
}

/** The URL with some filters changed, from its first page on; what is not set is left out of it. */
export function changeFilters(filters: Filters, change: Partial<Filters>): string {
  const next = { ...filters, firing: null, cursor: null, ...change };
  const search = new URLSearchParams();
  for (const key of ['show', 'project', 'rule', 'issue', 'firing', 'cursor'] as const) {
    if (next[key]) search.set(key, next[key]);
  }
  return search.size > 0 ? `/alerts/history?${search}` : '/alerts/history';
}

/** The same filters as the API takes them. */
export const toParams = ({ project, rule, issue, firing, cursor }: Filters): Params => ({
  project,
  rule,
  issue,
  firing,
  cursor,
  per_page: 25
});
