/** Loads one event of an issue with its attachments, for the two routes that show one. */
import { attachments, event } from '$lib/api/events';
import type { Fetch } from '$lib/api/client';
import type { Issue } from '$lib/api/types';

export async function loadEvent(org: string, issue: Issue, which: string, fetch: Fetch) {
  const shown = await event(org, issue.id, which, fetch);
  const files = await attachments(org, issue.project.slug, shown.eventID, fetch);
  return { event: shown, attachments: files };
}
