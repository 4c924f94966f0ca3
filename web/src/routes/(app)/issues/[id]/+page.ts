import { loadEvent } from '$lib/event/load';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, parent }) => {
  const { org, issue } = await parent();
  return loadEvent(org, issue, 'latest', fetch);
};
