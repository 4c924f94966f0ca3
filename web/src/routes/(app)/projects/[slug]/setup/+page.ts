import { redirect } from '@sveltejs/kit';
import { keys, project } from '$lib/api/projects';
import type { PageLoad } from './$types';

/** How a project that has events is set up on one more machine; one that has none is waited for. */
export const load: PageLoad = async ({ fetch, params, parent }) => {
  const { org } = await parent();
  const shown = await project(org, params.slug, fetch);
  if (!shown.firstEvent) redirect(307, `/projects/${shown.slug}`);
  const all = await keys(org, params.slug, fetch);
  return { project: shown, dsn: all.find((key) => key.isActive)?.dsn.public ?? null };
};
