import { tokens } from '$lib/api/session';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url }) => ({
  tokens: await tokens(fetch),
  welcome: url.searchParams.has('welcome')
});
