import { keys, projects } from '$lib/api/projects';
import { stepAt } from '$lib/setup/steps';
import type { PageLoad } from './$types';

/** Where somebody stands follows from what is there, so that the set-up can be left and taken up again. */
export const load: PageLoad = async ({ fetch, parent, url }) => {
  const { org, me } = await parent();
  const all = await projects(org, fetch);
  const wanted = url.searchParams.get('project');
  const waiting = all.filter(({ firstEvent }) => !firstEvent);
  const project = waiting.find(({ slug }) => slug === wanted) ?? waiting[0] ?? null;
  // Whoever joins an installation that is in use, or may not set one up, only says who they are.
  const joins = me.role === 'member' || waiting.length < all.length;
  const step = stepAt(url.searchParams.get('step'), {
    hasPassword: me.hasPassword,
    hasProject: Boolean(project?.platform)
  });
  const shown = joins ? 'account' : step;
  const made = project && (shown === 'sdk' || shown === 'event');
  const dsns = made ? await keys(org, project.slug, fetch) : [];
  return {
    joins,
    project,
    step: shown,
    dsn: dsns.find(({ isActive }) => isActive)?.dsn.public ?? null
  };
};
