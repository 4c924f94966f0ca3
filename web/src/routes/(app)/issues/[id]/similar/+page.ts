import { event } from '$lib/api/events';
import { groupingInfo } from '$lib/api/grouping';
import type { PageLoad } from './$types';

/** As many as one compares by eye. */
const NEAREST = 10;

/** Issues that resemble the latest event; none when it is not kept any more. */
export const load: PageLoad = async ({ fetch, parent }) => {
  const { org, issue } = await parent();
  const { slug } = issue.project;
  const found = await event(org, issue.id, 'latest', fetch)
    .then(({ eventID }) => groupingInfo(org, slug, eventID, NEAREST, fetch))
    .catch(() => null);
  return { near: found?.nearest ?? [] };
};
