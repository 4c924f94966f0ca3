import { projects } from '$lib/api/projects';
import { releases } from '$lib/api/releases';
import { readFilters, toParams } from '$lib/releases/filters';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, parent, url }) => {
  const filters = readFilters(url.searchParams);
  const { org } = await parent();
  const [page, all] = await Promise.all([
    releases(org, toParams(filters), fetch),
    projects(org, fetch)
  ]);
  return { filters, releases: page.data, links: page.links, projects: all };
};
