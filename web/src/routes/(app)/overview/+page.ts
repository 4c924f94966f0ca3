import { projects } from '$lib/api/projects';
import { overview } from '$lib/overview/load';
import type { PageLoad } from './$types';

const PERIODS = ['24h', '7d', '30d'];

export const load: PageLoad = async ({ fetch, parent, url }) => {
  const { org } = await parent();
  const asked = url.searchParams.get('statsPeriod') ?? '';
  const where = {
    project: url.searchParams.get('project'),
    statsPeriod: PERIODS.includes(asked) ? asked : '24h'
  };
  const [shown, all] = await Promise.all([
    overview(org, where, fetch),
    projects(org, fetch, where.statsPeriod)
  ]);
  return { ...shown, where, projects: all };
};
