/** Events, one and many, their attachments and their raw form. */
import { address, ApiError, get, path, send, type Fetch, type Params } from './client';
import type { Attachment, Event, EventSummary } from './types';

/** The events of an issue, latest first. */
export const eventsOf = (org: string, issue: string, params: Params, fetch: Fetch) =>
  send<EventSummary[]>('GET', path`/organizations/${org}/issues/${issue}/events/`, {
    fetch,
    params
  });

/** `which` is an event id, `latest`, `oldest` or `recommended`. */
export const event = (org: string, issue: string, which: string, fetch: Fetch) =>
  get<Event>(path`/organizations/${org}/issues/${issue}/events/${which}/`, { fetch });

export const attachments = (org: string, project: string, event: string, fetch: Fetch) =>
  get<Attachment[]>(path`/projects/${org}/${project}/events/${event}/attachments/`, { fetch });

export const rawAddress = (org: string, project: string, event: string) =>
  address(path`/projects/${org}/${project}/events/${event}/json/`);

export const attachmentAddress = (org: string, project: string, event: string, id: string) =>
  address(path`/projects/${org}/${project}/events/${event}/attachments/${id}/`, { download: 1 });

/** What is in an attachment. */
export async function attachmentBlob(org: string, project: string, event: string, id: string) {
  const response = await fetch(attachmentAddress(org, project, event, id));
  if (!response.ok) throw new ApiError(response.status, 'The file cannot be read.');
  return response.blob();
}
