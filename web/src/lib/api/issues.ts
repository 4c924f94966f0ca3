/** Issues, what people do to them, and their tags. */
import { get, path, post, put, remove, send, type Fetch, type Params } from './client';
import type { Activities, Hash, Issue, Merged, Split, TagDistribution } from './types';

export const issues = (org: string, params: Params, fetch?: Fetch) =>
  send<Issue[]>('GET', path`/organizations/${org}/issues/`, { fetch, params });

/** So many of one list at once at the most, as the server has it. */
const MOST = 100;

/** Up to `count` issues from the top of a list on, and where those behind them begin. */
export async function firstIssues(org: string, params: Params, count: number, fetch?: Fetch) {
  const found: Issue[] = [];
  let next: string | null = null;
  do {
    const limit = Math.min(count - found.length, MOST);
    const page = await issues(org, { ...params, cursor: next, limit }, fetch);
    found.push(...page.data);
    next = page.links.next;
  } while (next && found.length < count);
  return { issues: found, next };
}

export const issue = (org: string, id: string, fetch: Fetch) =>
  get<Issue>(path`/organizations/${org}/issues/${id}/`, { fetch });

export const tags = (org: string, id: string, fetch: Fetch) =>
  get<TagDistribution[]>(path`/organizations/${org}/issues/${id}/tags/`, { fetch });

export const hashes = (org: string, id: string, fetch: Fetch) =>
  get<Hash[]>(path`/organizations/${org}/issues/${id}/hashes/`, { fetch });

/** Makes one issue of several: of that with the most events. */
export const merge = (org: string, ids: string[]) =>
  put<Merged>(path`/organizations/${org}/issues/`, { merge: 1 }, { params: { id: ids } });

/** Splits the events that go by these hashes out into an issue of their own. */
export const split = async (org: string, id: string, hashes: string[]) =>
  (
    await send<Split>('DELETE', path`/organizations/${org}/issues/${id}/hashes/`, {
      params: { id: hashes }
    })
  ).data;

/** What happened to an issue, latest first. */
export const activity = (org: string, id: string, cursor: string | null, fetch?: Fetch) =>
  send<Activities>('GET', path`/organizations/${org}/issues/${id}/activities/`, {
    fetch,
    params: { cursor }
  });

/** Takes back what an entry of the activity tells. */
export const undo = (org: string, id: string, entry: string) =>
  post<unknown>(path`/organizations/${org}/issues/${id}/activities/${entry}/undo/`);
