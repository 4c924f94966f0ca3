import { people } from '$lib/api/decisions';
import type { LayoutLoad } from './$types';

/** Whom issues can be assigned to, for the list and for each issue. */
export const load: LayoutLoad = async ({ fetch, parent }) => {
  const { org } = await parent();
  return { people: await people(org, fetch) };
};
