import { notifications } from '$lib/api/alerts';
import { tokens } from '$lib/api/session';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch }) => {
  const [minted, wanted] = await Promise.all([tokens(fetch), notifications(fetch)]);
  return { tokens: minted, notifications: wanted };
};
