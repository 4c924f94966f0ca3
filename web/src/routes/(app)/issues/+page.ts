import { ApiError, type Fetch } from '$lib/api/client';
import { firstIssues } from '$lib/api/issues';
import { projects } from '$lib/api/projects';
import { markers } from '$lib/api/releases';
import type { Issue } from '$lib/api/types';
import type { Mark } from '$lib/charts/marks';
import { depthOf } from '$lib/issues/depth';
import { changeFilters, readFilters, toParams } from '$lib/issues/filters';
import { toMarks } from '$lib/releases/marks';
import type { PageLoad } from './$types';

/** Of so many projects at the most releases are marked. */
const MARKED = 5;

export const load: PageLoad = async ({ fetch, parent, url }) => {
  const filters = readFilters(url.searchParams);
  const list = changeFilters(filters, {});
  const { org } = await parent();
  const [found, all] = await Promise.all([
    firstIssues(org, toParams(filters), depthOf(list), fetch).then(
      (found) => ({ ...found, refusal: null }),
      refused
    ),
    projects(org, fetch)
  ]);
  // The rows do not wait for them.
  const marks = marksOf(org, found.issues, filters.statsPeriod, fetch).catch(() => ({}));
  return { ...found, list, filters, marks, projects: all };
};

/** A search that cannot be read is said beside the search box, where it can be mended. */
function refused(error: unknown) {
  if (!(error instanceof ApiError) || error.status !== 400) throw error;
  const issues: Issue[] = [];
  return { issues, next: null, refusal: error.message };
}

/** When releases came out in the projects of these issues. */
async function marksOf(
  org: string,
  issues: Issue[],
  statsPeriod: string,
  fetch: Fetch
): Promise<Record<string, Mark[]>> {
  const found = new Map(issues.map(({ project }) => [project.id, project.slug]));
  const asked = [...found].slice(0, MARKED).map(async ([id, slug]) => {
    const shipped = await markers(org, slug, { statsPeriod }, fetch);
    return [id, toMarks(shipped, id)] as const;
  });
  return Object.fromEntries(await Promise.all(asked));
}
