import { held, history } from '$lib/api/alerts';
import { hashes, issue, tags } from '$lib/api/issues';
import { markers, releasesOfIssue } from '$lib/api/releases';
import { toMarks } from '$lib/releases/marks';
import type { LayoutLoad } from './$types';

/** As many as the side of the page has room for. */
const FIRINGS = 5;

/** What all events of an issue share; loaded once while the reader walks its events. */
export const load: LayoutLoad = async ({ fetch, params, parent }) => {
  const { org } = await parent();
  const [shown, distributions, grouping, releases, fired, waits] = await Promise.all([
    issue(org, params.id, fetch),
    tags(org, params.id, fetch),
    hashes(org, params.id, fetch),
    releasesOfIssue(org, params.id, fetch),
    history(org, { issue: params.id, per_page: FIRINGS }, fetch),
    held(org, { issue: params.id }, fetch)
  ]);
  const { slug, id } = shown.project;
  const shipped = await markers(org, slug, { statsPeriod: '30d' }, fetch);
  return {
    issue: shown,
    tags: distributions,
    hashes: grouping,
    releases,
    firings: fired.data,
    held: waits,
    marks: toMarks(shipped, id)
  };
};
