import { storage } from '$lib/api/stats';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, parent }) => {
  const { org } = await parent();
  return { storage: await storage(org, fetch) };
};
