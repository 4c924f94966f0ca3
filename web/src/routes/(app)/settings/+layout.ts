import { projects } from '$lib/api/projects';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = async ({ fetch, parent }) => {
  const { org } = await parent();
  return { projects: await projects(org, fetch) };
};
