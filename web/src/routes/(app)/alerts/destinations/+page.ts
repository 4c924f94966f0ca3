import { destinations } from '$lib/api/alerts';
import type { PageLoad } from './$types';

/** Anew each time: how they fare changes. */
export const load: PageLoad = async ({ fetch, parent }) => {
  const { org } = await parent();
  return { destinations: await destinations(org, fetch) };
};
