/** Issues, what people do to them, and their tags. */
import { get, path, put, remove, send, type Fetch, type Params } from './client';
import type { Hash, Issue, Status, TagDistribution } from './types';

export const issues = (org: string, params: Params, fetch?: Fetch) =>
  send<Issue[]>('GET', path`/organizations/${org}/issues/`, { fetch, params });

export const issue = (org: string, id: string, fetch: Fetch) =>
  get<Issue>(path`/organizations/${org}/issues/${id}/`, { fetch });

export const setStatus = (org: string, ids: string[], status: Status) =>
  put<unknown>(path`/organizations/${org}/issues/`, { status }, { params: { id: ids } });

export const deleteIssues = (org: string, ids: string[]) =>
  remove(path`/organizations/${org}/issues/`, { params: { id: ids } });

export const tags = (org: string, id: string, fetch: Fetch) =>
  get<TagDistribution[]>(path`/organizations/${org}/issues/${id}/tags/`, { fetch });

export const hashes = (org: string, id: string, fetch: Fetch) =>
  get<Hash[]>(path`/organizations/${org}/issues/${id}/hashes/`, { fetch });
