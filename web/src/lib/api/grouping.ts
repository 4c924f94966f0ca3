/** How events are grouped: why, and by which rules. */
import { get, path, type Fetch } from './client';
import type { GroupingInfo } from './types';

export const groupingInfo = (org: string, project: string, event: string, fetch?: Fetch) =>
  get<GroupingInfo>(path`/projects/${org}/${project}/events/${event}/grouping-info/`, { fetch });
