import { readFilters, toParams } from '$lib/alerts/history/filters';
import { deliveries, held, history, rules } from '$lib/api/alerts';
import type { PageLoad } from './$types';

/** As many firings as the API names at once. */
const MOST = 100;

export const load: PageLoad = async ({ fetch, parent, url }) => {
  const filters = readFilters(url.searchParams);
  const { org } = await parent();
  const isDead = filters.show === 'dead';
  const asked = toParams(filters);
  const { project, rule, issue, cursor } = filters;
  const [lost, fired, waits, all] = await Promise.all([
    deliveries(org, { state: 'undelivered', per_page: 25, cursor: isDead ? cursor : null }, fetch),
    isDead ? null : history(org, asked, fetch),
    isDead || cursor || filters.firing ? [] : held(org, { project, rule, issue }, fetch),
    rules(org, fetch)
  ]);
  const told = [...new Set(lost.data.flatMap(({ firings }) => firings))].slice(0, MOST);
  const about = isDead && told.length > 0 ? await history(org, { firing: told }, fetch) : null;
  return {
    filters,
    firings: fired?.data ?? about?.data ?? [],
    held: waits,
    lost: lost.data,
    links: fired?.links ?? lost.links,
    rules: all
  };
};
