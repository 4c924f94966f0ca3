import { members } from '$lib/api/members';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, parent }) => {
  const { org } = await parent();
  return { members: await members(org, fetch) };
};
