import { eventsOf } from '$lib/api/events';
import type { PageLoad } from './$types';

const PER_PAGE = 50;

export const load: PageLoad = async ({ fetch, params, parent, url }) => {
  const { org } = await parent();
  const environment = url.searchParams.get('environment');
  const cursor = url.searchParams.get('cursor');
  const asked = { environment, cursor, per_page: PER_PAGE };
  const { data, links } = await eventsOf(org, params.id, asked, fetch);
  return { events: data, links, environment };
};
