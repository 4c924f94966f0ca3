/** Projects and their DSN keys. */
import { get, path, post, put, remove, send, type Fetch, type Params, type Reply } from './client';
import type { Key, Project, ProjectQuotas, Quota } from './types';

/** All projects, page after page: an installation has tens of them, rarely hundreds. */
export async function projects(org: string, fetch: Fetch, statsPeriod?: string) {
  const all: Project[] = [];
  let cursor: string | null = null;
  do {
    const params: Params = { statsPeriod, cursor, per_page: 100 };
    const page: Reply<Project[]> = await send<Project[]>(
      'GET',
      path`/organizations/${org}/projects/`,
      {
        fetch,
        params
      }
    );
    all.push(...page.data);
    cursor = page.links.next;
  } while (cursor);
  return all;
}

export const project = (org: string, slug: string, fetch?: Fetch) =>
  get<Project>(path`/projects/${org}/${slug}/`, { fetch });

export const createProject = (org: string, name: string, platform: string | null) =>
  post<Project>(path`/organizations/${org}/projects/`, { name, platform: platform ?? undefined });

export interface ProjectChange {
  name?: string;
  slug?: string;
  platform?: string;
  /** 0 for as long as the settings say. */
  retentionDays?: number;
}

export const changeProject = (org: string, slug: string, change: ProjectChange) =>
  put<Project>(path`/projects/${org}/${slug}/`, change);

export const deleteProject = (org: string, slug: string) => remove(path`/projects/${org}/${slug}/`);

export const keys = (org: string, slug: string, fetch: Fetch) =>
  get<Key[]>(path`/projects/${org}/${slug}/keys/`, { fetch, params: { per_page: 100 } });

export const createKey = (org: string, slug: string, name: string) =>
  post<Key>(path`/projects/${org}/${slug}/keys/`, { name });

export const changeKey = (
  org: string,
  slug: string,
  id: string,
  change: { name?: string; isActive?: boolean; quotas?: Quota[] }
) => put<Key>(path`/projects/${org}/${slug}/keys/${id}/`, change);

export const deleteKey = (org: string, slug: string, id: string) =>
  remove(path`/projects/${org}/${slug}/keys/${id}/`);

export const quotas = (org: string, slug: string, fetch: Fetch) =>
  get<ProjectQuotas>(path`/projects/${org}/${slug}/quotas/`, { fetch });

export const changeQuotas = (org: string, slug: string, change: ProjectQuotas) =>
  put<ProjectQuotas>(path`/projects/${org}/${slug}/quotas/`, change);
