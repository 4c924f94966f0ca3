import { destinations } from '$lib/api/alerts';
import { people } from '$lib/api/decisions';
import { projects } from '$lib/api/projects';
import type { LayoutLoad } from './$types';

/** What rules name: projects, people, and places to tell. */
export const load: LayoutLoad = async ({ fetch, parent }) => {
  const { org, me } = await parent();
  const [all, members, places] = await Promise.all([
    projects(org, fetch),
    people(org, fetch),
    destinations(org, fetch)
  ]);
  return { projects: all, people: members, destinations: places, editable: me.role !== 'member' };
};
