import { projects } from '$lib/api/projects';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, parent, url }) => {
  const { org } = await parent();
  const period = url.searchParams.get('statsPeriod') === '14d' ? '14d' : '24h';
  return { period, projects: await projects(org, fetch, period) };
};
