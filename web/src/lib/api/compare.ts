/** A release beside an older one. */
import { get, path, type Fetch } from './client';
import type { Comparison } from './types';

export interface Beside {
  environment: string | null;
  /** The version to compare with; null for the predecessor. */
  baseline: string | null;
}

export const compare = (
  org: string,
  project: string,
  version: string,
  beside: Beside,
  fetch: Fetch
) =>
  get<Comparison>(path`/projects/${org}/${project}/releases/${version}/compare/`, {
    fetch,
    params: { ...beside }
  });
