/** What an overview is made of, asked for at once. */
import { get, path, type Fetch } from '$lib/api/client';
import { issues } from '$lib/api/issues';
import { outcomes } from '$lib/api/stats';
import type { Sessions } from '$lib/api/types';

export interface Where {
  project: string | null;
  statsPeriod: string;
}

/** As many issues as are counted one by one: a page of the API. */
export const MOST = 100;
const LISTED = 5;

const RATES = ['crash_free_rate(session)', 'crash_free_rate(user)'];

export async function overview(org: string, where: Where, fetch: Fetch) {
  const list = async (query: string, sort: string, limit = LISTED) =>
    (await issues(org, { ...where, query, sort, limit }, fetch)).data;
  const interval = where.statsPeriod === '24h' ? '1h' : '1d';
  const [stats, all, loudest, newest, regressed, escalating, sessions] = await Promise.all([
    outcomes(org, { ...where, interval }, fetch),
    list('', 'freq', MOST),
    list('is:unresolved', 'freq'),
    list('', 'new', MOST),
    list('is:regressed', 'date', MOST),
    list('is:escalating', 'date', MOST),
    get<Sessions>(path`/organizations/${org}/sessions/`, {
      fetch,
      params: { ...where, field: RATES }
    }).catch(() => null)
  ]);
  return { stats, all, loudest, newest, regressed, escalating, sessions };
}

/** In percent; null when no session was reported. */
export function crashFree(sessions: Sessions | null, of: 'session' | 'user'): number | null {
  const rate = sessions?.groups[0]?.totals[`crash_free_rate(${of})`];
  return typeof rate === 'number' ? rate * 100 : null;
}
