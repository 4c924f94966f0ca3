/** What people decide of issues, who they are, and what they say. */
import { get, path, post, put, remove, type Fetch, type Params } from './client';
import type { Activity, EditIssue, User } from './types';

/** Which issues are meant: by id, or all that a search finds. */
export type Choice = { id: string[] } | Params;

export const change = (org: string, choice: Choice, edit: EditIssue, environment?: string | null) =>
  put<{ changed: number }>(path`/organizations/${org}/issues/`, edit, {
    params: environment ? { ...choice, environment } : choice
  });

export const erase = (org: string, choice: Choice) =>
  remove(path`/organizations/${org}/issues/`, { params: choice });

/** Whom issues can be assigned to. */
export const people = (org: string, fetch: Fetch) =>
  get<User[]>(path`/organizations/${org}/users/`, { fetch });

/** The latest releases of a project, newest first. */
export async function releaseNames(org: string, project: string): Promise<string[]> {
  const params = { project, per_page: 50 };
  const found = await get<{ version: string }[]>(path`/organizations/${org}/releases/`, { params });
  return found.map(({ version }) => version);
}

export const comment = (org: string, issue: string, text: string) =>
  post<Activity>(path`/organizations/${org}/issues/${issue}/notes/`, { text });

export const editComment = (org: string, issue: string, note: string, text: string) =>
  put<Activity>(path`/organizations/${org}/issues/${issue}/notes/${note}/`, { text });

export const deleteComment = (org: string, issue: string, note: string) =>
  remove(path`/organizations/${org}/issues/${issue}/notes/${note}/`);
