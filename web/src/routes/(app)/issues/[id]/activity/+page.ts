import { activity } from '$lib/api/issues';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, parent, url }) => {
  const { org, issue } = await parent();
  const reply = await activity(org, issue.id, url.searchParams.get('cursor'), fetch);
  return { entries: reply.data.activity, links: reply.links };
};
