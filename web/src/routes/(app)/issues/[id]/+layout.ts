import { hashes, issue, tags } from '$lib/api/issues';
import type { LayoutLoad } from './$types';

/** What all events of an issue share; loaded once while the reader walks its events. */
export const load: LayoutLoad = async ({ fetch, params, parent }) => {
  const { org } = await parent();
  const [shown, distributions, grouping] = await Promise.all([
    issue(org, params.id, fetch),
    tags(org, params.id, fetch),
    hashes(org, params.id, fetch)
  ]);
  return { issue: shown, tags: distributions, hashes: grouping };
};
