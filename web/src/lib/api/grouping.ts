/** How events are grouped: why, by which rules, and what other rules would do. */
import type { Rules } from '../grouping/rules';
import { get, path, post, put, type Fetch } from './client';
import type { GroupingInfo, GroupingPreview, ProjectGrouping } from './types';

/** Why an event is in its issue, and in what the `nearest` issues that resemble it differ. */
export const groupingInfo = (
  org: string,
  project: string,
  event: string,
  nearest: number,
  fetch?: Fetch
) =>
  get<GroupingInfo>(path`/projects/${org}/${project}/events/${event}/grouping-info/`, {
    fetch,
    params: { nearest }
  });

/** The rules of a project, and how far they are applied to what is stored. */
export const projectGrouping = (org: string, project: string, fetch?: Fetch) =>
  get<ProjectGrouping>(path`/projects/${org}/${project}/grouping/`, { fetch });

/** What rules would do; changes nothing. */
export const previewRules = (org: string, project: string, rules: Rules) =>
  post<GroupingPreview>(path`/projects/${org}/${project}/grouping/preview/`, rules);

export const saveRules = (org: string, project: string, rules: Rules, applyTo: 'new' | 'history') =>
  put<ProjectGrouping>(path`/projects/${org}/${project}/grouping/`, { ...rules, applyTo });

/** Goes back to the rules before those that were applied to history last. */
export const undoRules = (org: string, project: string) =>
  post<ProjectGrouping>(path`/projects/${org}/${project}/grouping/undo/`);
