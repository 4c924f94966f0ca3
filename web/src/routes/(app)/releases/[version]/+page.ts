import { error } from '@sveltejs/kit';
import { ApiError } from '$lib/api/client';
import { compare } from '$lib/api/compare';
import { projects } from '$lib/api/projects';
import { commits, deploys, health, markers, release } from '$lib/api/releases';
import { born, charted } from '$lib/releases/dates';
import { PERIOD } from '$lib/releases/filters';
import { toMarks } from '$lib/releases/marks';
import type { PageLoad } from './$types';

const COMMITS = 10;

export const load: PageLoad = async ({ fetch, params, parent, url }) => {
  const { org } = await parent();
  const { version } = params;
  const [asked, environment, baseline] = ['project', 'environment', 'baseline'].map((name) =>
    url.searchParams.get(name)
  ) as [string | null, string | null, string | null];
  const shown = await release(org, version, { environment, summaryStatsPeriod: PERIOD }, fetch);
  const project = shown.projects.find(({ id }) => !asked || id === asked);
  if (!project) error(404, 'There is no such release in this project.');

  const statsPeriod = charted(born(shown).date, Date.now());
  const query = { project: project.id, release: version, environment, statsPeriod };
  const [all, places, written, fitness, shipped, comparison] = await Promise.all([
    projects(org, fetch),
    deploys(org, project.slug, version, fetch),
    commits(org, project.slug, version, { per_page: COMMITS }, fetch),
    health(org, query, fetch),
    markers(org, project.slug, { statsPeriod, environment }, fetch),
    compare(org, project.slug, version, { environment, baseline }, fetch).then(
      (comparison) => ({ comparison, refusal: null }),
      refused
    )
  ]);
  return {
    release: shown,
    project,
    environments: all.find(({ id }) => id === project.id)?.environments ?? [],
    place: { project: asked, environment, baseline },
    deploys: places,
    commits: written,
    health: fitness,
    marks: toMarks(shipped, project.id),
    ...comparison
  };
};

/** The rest of the page is worth reading without the comparison. */
function refused(failure: unknown) {
  if (!(failure instanceof ApiError) || failure.status >= 500) throw failure;
  return { comparison: null, refusal: failure.message };
}
