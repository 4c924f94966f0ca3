import { readFilters, toParams } from '$lib/alerts/history/filters';
import { deliveries, history, rules } from '$lib/api/alerts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, parent, url }) => {
  const filters = readFilters(url.searchParams);
  const { org } = await parent();
  const nothing = { data: [], links: { previous: null, next: null } };
  const isDead = filters.show === 'dead';
  const [fired, dead, all] = await Promise.all([
    isDead ? nothing : history(org, toParams(filters), fetch),
    deliveries(org, { state: 'dead', per_page: 25, cursor: isDead ? filters.cursor : null }, fetch),
    rules(org, fetch)
  ]);
  return {
    filters,
    firings: fired.data,
    dead: dead.data,
    links: isDead ? dead.links : fired.links,
    rules: all
  };
};
