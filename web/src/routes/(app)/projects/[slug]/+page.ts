import { redirect } from '@sveltejs/kit';
import { keys, project } from '$lib/api/projects';
import type { PageLoad } from './$types';

/** A project that has events shows its issues; one that has none shows how to send the first. */
export const load: PageLoad = async ({ fetch, params, parent }) => {
  const { org } = await parent();
  const shown = await project(org, params.slug, fetch);
  if (shown.firstEvent) redirect(307, `/issues?project=${shown.id}`);
  const all = await keys(org, params.slug, fetch);
  return { project: shown, dsn: all.find((key) => key.isActive)?.dsn.public ?? null };
};
