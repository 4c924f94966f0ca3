/** Single events, their attachments and their raw form. */
import { address, get, path, type Fetch } from './client';
import type { Attachment, Event } from './types';

/** `which` is an event id, `latest`, `oldest` or `recommended`. */
export const event = (org: string, issue: string, which: string, fetch: Fetch) =>
  get<Event>(path`/organizations/${org}/issues/${issue}/events/${which}/`, { fetch });

export const attachments = (org: string, project: string, event: string, fetch: Fetch) =>
  get<Attachment[]>(path`/projects/${org}/${project}/events/${event}/attachments/`, { fetch });

export const rawAddress = (org: string, project: string, event: string) =>
  address(path`/projects/${org}/${project}/events/${event}/json/`);

export const attachmentAddress = (org: string, project: string, event: string, id: string) =>
  address(path`/projects/${org}/${project}/events/${event}/attachments/${id}/`, { download: 1 });
