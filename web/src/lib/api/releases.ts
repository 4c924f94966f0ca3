/** Releases: what was shipped, how it fares, and where issues were seen in it. */
import { get, path, put, send, type Fetch, type Params } from './client';
import type { Commit, Committers, Deploy, IssueRelease, Marker, Release, Sessions } from './types';

export const releases = (org: string, params: Params, fetch: Fetch) =>
  send<Release[]>('GET', path`/organizations/${org}/releases/`, { fetch, params });

export interface Asked {
  environment: string | null;
  summaryStatsPeriod: string;
}

/** A release of one project, or of all that have it, with its health. */
export const release = (org: string, version: string, asked: Asked, fetch: Fetch) =>
  get<Release>(path`/organizations/${org}/releases/${version}/`, {
    fetch,
    params: { health: 1, ...asked }
  });

export const setReleaseStatus = (org: string, version: string, status: 'open' | 'archived') =>
  put<Release>(path`/organizations/${org}/releases/${version}/`, { status });

export const deploys = (org: string, project: string, version: string, fetch: Fetch) =>
  get<Deploy[]>(path`/projects/${org}/${project}/releases/${version}/deploys/`, { fetch });

export const commits = (
  org: string,
  project: string,
  version: string,
  params: Params,
  fetch?: Fetch
) =>
  send<Commit[]>('GET', path`/projects/${org}/${project}/releases/${version}/commits/`, {
    fetch,
    params
  });

export interface SessionQuery {
  project: string;
  release: string;
  environment: string | null;
  statsPeriod: string;
}

/** Sessions of a release over time, by how they ended, and the share that did not crash. */
export async function health(org: string, query: SessionQuery, fetch: Fetch) {
  const { release, statsPeriod, ...where } = query;
  const quoted = release.replace(/["\\]/g, '\\$&');
  const params: Params = { ...where, statsPeriod, query: `release:"${quoted}"` };
  const at = path`/organizations/${org}/sessions/`;
  const rates = ['sum(session)', 'crash_free_rate(session)', 'crash_free_rate(user)'];
  const [ended, shares] = await Promise.all([
    get<Sessions>(at, {
      fetch,
      params: { ...params, field: 'sum(session)', groupBy: 'session.status' }
    }),
    get<Sessions>(at, { fetch, params: { ...params, field: rates } })
  ]);
  return { ended, shares };
}

export const markers = (org: string, project: string, params: Params, fetch?: Fetch) =>
  get<Marker[]>(path`/projects/${org}/${project}/markers/`, { fetch, params });

export const releasesOfIssue = (org: string, issue: string, fetch: Fetch) =>
  get<IssueRelease[]>(path`/organizations/${org}/issues/${issue}/releases/`, { fetch });

export const committers = (org: string, project: string, event: string, fetch: Fetch) =>
  get<Committers>(path`/projects/${org}/${project}/events/${event}/committers/`, { fetch });
