import { readFilters, toParams } from '$lib/alerts/history/filters';
import { undelivered } from '$lib/alerts/history/undelivered';
import { deliveries, history, rules } from '$lib/api/alerts';
import type { PageLoad } from './$types';

/** As many as the API gives at once. */
const MOST = 100;

export const load: PageLoad = async ({ fetch, parent, url }) => {
  const filters = readFilters(url.searchParams);
  const { org } = await parent();
  const isDead = filters.show === 'dead';
  const cursor = isDead ? filters.cursor : null;
  const [fired, dead, latest, all] = await Promise.all([
    history(org, isDead ? { per_page: MOST } : toParams(filters), fetch),
    deliveries(org, { state: 'dead', per_page: 25, cursor }, fetch),
    cursor ? { data: [] } : deliveries(org, { per_page: MOST }, fetch),
    rules(org, fetch)
  ]);
  return {
    filters,
    firings: fired.data,
    lost: undelivered(dead.data, latest.data),
    links: isDead ? dead.links : fired.links,
    rules: all
  };
};
