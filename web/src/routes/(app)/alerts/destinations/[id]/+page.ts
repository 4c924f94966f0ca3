import { destination } from '$lib/api/alerts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, parent }) => {
  const { org } = await parent();
  return { destination: await destination(org, params.id, fetch) };
};
