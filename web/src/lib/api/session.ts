/** Who is signed in: signing in and out, the account, API tokens. */
import { get, path, post, put, rememberCsrf, remove, type Fetch } from './client';
import type { ApiToken, Me, Minted, Organization } from './types';

export async function whoAmI(fetch: Fetch): Promise<Me> {
  return remember(await get<Me>('/auth/', { fetch }));
}

export async function signIn(email: string, password: string): Promise<Me> {
  return remember(await post<Me>('/auth/', { email, password }, { unauthorized: 'throw' }));
}

export async function signInByLink(token: string): Promise<Me> {
  return remember(await post<Me>('/auth/link/', { token }, { unauthorized: 'throw' }));
}

export async function signOut(): Promise<void> {
  await remove('/auth/');
  rememberCsrf(null);
}

export interface AccountChange {
  name?: string;
  email?: string;
  password?: string;
  currentPassword?: string;
}

export async function changeAccount(change: AccountChange): Promise<Me> {
  return remember(await put<Me>('/users/me/', change, { unauthorized: 'throw' }));
}

export const organizations = (fetch: Fetch) => get<Organization[]>('/organizations/', { fetch });

export const tokens = (fetch: Fetch) => get<ApiToken[]>('/api-tokens/', { fetch });

export const createToken = (name: string) => post<Minted>('/api-tokens/', { name });

export const revokeToken = (id: string) => remove(path`/api-tokens/${id}/`);

function remember(me: Me): Me {
  if (me.csrfToken) rememberCsrf(me.csrfToken);
  return me;
}
