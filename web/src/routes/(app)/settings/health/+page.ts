import { health, storage } from '$lib/api/stats';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, parent, depends }) => {
  depends('tripline:health');
  const { org } = await parent();
  const [fares, kept] = await Promise.all([health(org, fetch), storage(org, fetch)]);
  return { health: fares, storage: kept };
};
