/** What people decide of issues: as the API takes it, as a sentence, and the way back. */
import type { EditIssue, Issue } from '$lib/api/types';

/** A change, and the only environment that a resolve is for. */
export interface Decision {
  edit: EditIssue;
  environment?: string | null;
}

export const RESOLVED: Decision = { edit: { status: 'resolved' } };
export const REOPENED: Decision = { edit: { status: 'unresolved' } };
/** What was new before is new again. */
const RENEWED: Decision = { edit: { status: 'unresolved', substatus: 'new' } };
export const ARCHIVED: Decision = {
  edit: { status: 'ignored', substatus: 'archived_until_escalating' }
};
export const ARCHIVED_FOREVER: Decision = {
  edit: { status: 'ignored', substatus: 'archived_forever' }
};

export const archivedFor = (minutes: number): Decision => ({
  edit: { status: 'ignored', statusDetails: { ignoreDuration: minutes } }
});

type Details = NonNullable<EditIssue['statusDetails']>;

export const resolvedIn = (statusDetails: Details, environment?: string): Decision => ({
  edit: { status: 'resolved', statusDetails },
  environment
});

export const archivedUntil = (statusDetails: Details): Decision => ({
  edit: { status: 'ignored', statusDetails }
});

type Standing = Pick<Issue, 'id' | 'status' | 'substatus' | 'statusDetails' | 'assignedTo'>;

/** The change that lets an issue stand again as it stands in `issue`. */
export function back({ status, substatus, statusDetails }: Standing): Decision {
  const { actor: _, environment, ...details } = statusDetails;
  const statusOnly = Object.keys(details).length === 0;
  if (status === 'resolved') {
    return { edit: { status, ...(statusOnly ? {} : { statusDetails: details }) }, environment };
  }
  if (status !== 'ignored') return substatus === 'new' ? RENEWED : REOPENED;
  if (!statusOnly) return archivedUntil(details);
  return substatus === 'archived_until_escalating' ? ARCHIVED : ARCHIVED_FOREVER;
}

/** The same for several, those that stood alike together; of `edit` only what it changed is given back. */
export function waysBack(issues: Standing[], edit: EditIssue): (Decision & { ids: string[] })[] {
  const ways = new Map<string, Decision & { ids: string[] }>();
  for (const issue of issues) {
    const stood = edit.status === undefined || edit.status === null ? { edit: {} } : back(issue);
    const way: Decision = {
      ...stood,
      edit: {
        ...stood.edit,
        ...(edit.assignedTo === undefined ? {} : { assignedTo: nameOf(issue.assignedTo) })
      }
    };
    const known = ways.get(JSON.stringify(way));
    if (known) known.ids.push(issue.id);
    else ways.set(JSON.stringify(way), { ...way, ids: [issue.id] });
  }
  return [...ways.values()];
}

/** An assignee as the API takes one; empty for nobody. */
export const nameOf = (actor: Issue['assignedTo']) =>
  actor ? (actor.type === 'team' ? `team:${actor.name}` : `user:${actor.id}`) : '';

/** What was done to `what`: `Archived SHOP-1 for 24 hours`. */
export function told({ edit, environment }: Decision, what: string): string {
  const { status, statusDetails } = edit;
  if (status === 'resolved') return `Resolved ${what}${inWhat(statusDetails)}${only(environment)}.`;
  if (status === 'ignored') return `Archived ${what}${untilWhen(edit)}.`;
  if (status === 'unresolved') return `Reopened ${what}.`;
  if (edit.assignedTo === '') return `Took ${what} from whoever had it.`;
  return edit.assignedTo === undefined ? `Changed ${what}.` : `Assigned ${what}.`;
}

const only = (environment?: string | null) => (environment ? ` for ${environment}` : '');

function inWhat(details: EditIssue['statusDetails']): string {
  if (details?.inNextRelease) return ' in the next release';
  if (details?.inRelease === 'latest') return ' in the current release';
  if (details?.inRelease) return ` in ${details.inRelease}`;
  return details?.inCommit ? ` by commit ${details.inCommit.commit.slice(0, 7)}` : '';
}

function untilWhen({ substatus, statusDetails }: EditIssue): string {
  if (substatus === 'archived_until_escalating') return ' until it escalates';
  if (statusDetails?.ignoreDuration) return ` for ${minutes(statusDetails.ignoreDuration)}`;
  if (statusDetails?.ignoreUntil) return ' until then';
  if (statusDetails?.ignoreCount || statusDetails?.ignoreUserCount) return ' until there are more';
  return ' for ever';
}

function minutes(count: number): string {
  if (count % 1440 === 0) return count === 1440 ? '24 hours' : `${count / 1440} days`;
  if (count % 60 === 0) return count === 60 ? '1 hour' : `${count / 60} hours`;
  return `${count} minutes`;
}
