import { organizations, whoAmI } from '$lib/api/session';
import { ApiError } from '$lib/api/client';
import type { LayoutLoad } from './$types';

/** Who is looking, and at which organisation: every page below needs both. */
export const load: LayoutLoad = async ({ fetch }) => {
  const [me, [organization]] = await Promise.all([whoAmI(fetch), organizations(fetch)]);
  if (!organization) throw new ApiError(404, 'This installation has no organisation.');
  return { me, organization, org: organization.slug };
};
