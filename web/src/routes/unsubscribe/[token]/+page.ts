import { mailing } from '$lib/api/alerts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params }) => ({
  mailing: await mailing(params.token, fetch)
});
