import { issues } from '$lib/api/issues';
import { projects } from '$lib/api/projects';
import { readFilters, toParams } from '$lib/issues/filters';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, parent, url }) => {
  const filters = readFilters(url.searchParams);
  const { org } = await parent();
  const [page, all] = await Promise.all([
    issues(org, toParams(filters), fetch),
    projects(org, fetch)
  ]);
  return { filters, issues: page.data, links: page.links, projects: all };
};
