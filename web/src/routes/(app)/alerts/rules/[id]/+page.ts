import { rule } from '$lib/api/alerts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, parent }) => {
  const { org } = await parent();
  return { rule: await rule(org, params.id, fetch) };
};
