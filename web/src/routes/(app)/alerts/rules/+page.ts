import { rules } from '$lib/api/alerts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, parent, url }) => {
  const { org } = await parent();
  return { rules: await rules(org, fetch), project: url.searchParams.get('project') };
};
