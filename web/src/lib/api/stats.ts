/** Outcomes: what became of everything that SDKs sent; storage: what is kept of it; health: how that goes. */
import { get, path, type Fetch } from './client';
import type { Health, Outcomes, Storage } from './types';

export const QUANTITY = 'sum(quantity)';

export interface OutcomeQuery {
  statsPeriod: string;
  interval: string;
  project: string | null;
}

export const outcomes = (org: string, query: OutcomeQuery, fetch: Fetch) =>
  get<Outcomes>(path`/organizations/${org}/stats_v2/`, {
    fetch,
    params: {
      field: QUANTITY,
      groupBy: ['outcome', 'category', 'reason', 'project'],
      ...query
    }
  });

export const health = (org: string, fetch: Fetch) =>
  get<Health>(path`/organizations/${org}/health/`, { fetch });

export const storage = (org: string, fetch: Fetch) =>
  get<Storage>(path`/organizations/${org}/storage/`, { fetch });
