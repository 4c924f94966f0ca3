import { activity } from '$lib/api/issues';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, parent, url, depends }) => {
  // Told by the page around it when others decide or say something.
  depends('issue:story');
  const { org, issue } = await parent();
  const reply = await activity(org, issue.id, url.searchParams.get('cursor'), fetch);
  return { entries: reply.data.activity, links: reply.links };
};
