import { project } from '$lib/api/projects';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, parent }) => {
  const { org } = await parent();
  return { project: await project(org, params.slug, fetch) };
};
