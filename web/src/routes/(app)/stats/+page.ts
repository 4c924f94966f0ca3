import { projects } from '$lib/api/projects';
import { outcomes } from '$lib/api/stats';
import type { PageLoad } from './$types';

const PERIODS = ['24h', '7d', '30d'];
const DIMENSIONS = ['outcome', 'category', 'reason', 'project'] as const;

export const load: PageLoad = async ({ fetch, parent, url }) => {
  const { org } = await parent();
  const asked = url.searchParams.get('statsPeriod') ?? '';
  const statsPeriod = PERIODS.includes(asked) ? asked : '24h';
  const project = url.searchParams.get('project');
  const by = DIMENSIONS.find((one) => one === url.searchParams.get('by')) ?? 'outcome';
  const query = { statsPeriod, project, interval: statsPeriod === '30d' ? '1d' : '1h' };
  const [stats, all] = await Promise.all([outcomes(org, query, fetch), projects(org, fetch)]);
  return { stats, projects: all, statsPeriod, project, by };
};
