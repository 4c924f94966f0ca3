import { projectGrouping } from '$lib/api/grouping';
import { project } from '$lib/api/projects';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, parent }) => {
  const { org } = await parent();
  const [shown, grouping] = await Promise.all([
    project(org, params.slug, fetch),
    projectGrouping(org, params.slug, fetch)
  ]);
  return { project: shown, grouping };
};
