/** The people of the organisation. */
import { get, path, post, put, remove, type Fetch } from './client';
import type { Invited, Member, NewLink, Role } from './types';

export const members = (org: string, fetch: Fetch) =>
  get<Member[]>(path`/organizations/${org}/members/`, { fetch, params: { per_page: 100 } });

export const invite = (org: string, email: string, role: Role) =>
  post<Invited>(path`/organizations/${org}/members/`, { email, role });

/** A one-time sign-in link for a member who lost theirs or forgot the password. */
export const renewLink = (org: string, id: string) =>
  post<NewLink>(path`/organizations/${org}/members/${id}/link/`);

export const changeRole = (org: string, id: string, role: Role) =>
  put<Member>(path`/organizations/${org}/members/${id}/`, { role });

export const removeMember = (org: string, id: string) =>
  remove(path`/organizations/${org}/members/${id}/`);
