import { ApiError } from '$lib/api/client';
import { issues } from '$lib/api/issues';
import { projects } from '$lib/api/projects';
import type { Issue } from '$lib/api/types';
import { readFilters, toParams } from '$lib/issues/filters';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, parent, url }) => {
  const filters = readFilters(url.searchParams);
  const { org } = await parent();
  const [page, all] = await Promise.all([
    issues(org, toParams(filters), fetch).then((page) => ({ ...page, refusal: null }), refused),
    projects(org, fetch)
  ]);
  return { filters, issues: page.data, links: page.links, refusal: page.refusal, projects: all };
};

/** A search that cannot be read is said beside the search box, where it can be mended. */
function refused(error: unknown) {
  if (!(error instanceof ApiError) || error.status !== 400) throw error;
  const data: Issue[] = [];
  return { data, links: { previous: null, next: null }, refusal: error.message };
}
