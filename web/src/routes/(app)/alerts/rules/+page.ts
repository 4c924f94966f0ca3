import { held, rules } from '$lib/api/alerts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, parent, url }) => {
  const { org } = await parent();
  const [all, waits] = await Promise.all([rules(org, fetch), held(org, {}, fetch)]);
  return { rules: all, held: waits, project: url.searchParams.get('project') };
};
