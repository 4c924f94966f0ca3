/** Loads one event of an issue with its attachments, for the two routes that show one. */
import { attachments, event } from '$lib/api/events';
import { groupingInfo } from '$lib/api/grouping';
import { committers } from '$lib/api/releases';
import type { Fetch } from '$lib/api/client';
import type { Issue } from '$lib/api/types';

export async function loadEvent(org: string, issue: Issue, which: string, fetch: Fetch) {
  const shown = await event(org, issue.id, which, fetch);
  const [files, grouping, suspects] = await Promise.all([
    attachments(org, issue.project.slug, shown.eventID, fetch),
    // An event can be read without knowing why it is here.
    groupingInfo(org, issue.project.slug, shown.eventID, 0, fetch).catch(() => null),
    // Nor does it need somebody to suspect.
    committers(org, issue.project.slug, shown.eventID, fetch).catch(() => null)
  ]);
  return { event: shown, attachments: files, grouping, committers: suspects };
}
