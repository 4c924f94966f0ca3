import { keys, project, quotas } from '$lib/api/projects';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, parent }) => {
  const { org } = await parent();
  const [shown, all, limits] = await Promise.all([
    project(org, params.slug, fetch),
    keys(org, params.slug, fetch),
    quotas(org, params.slug, fetch)
  ]);
  return { project: shown, keys: all, quotas: limits };
};
