/** Limits as a list of rows, one a limit, and back: the API keeps those of each key apart. */
import type { Key, ProjectQuotas, Quota } from '$lib/api/types';

export interface Limit {
  /** The id of a key; empty for all keys together. */
  key: string;
  /** Data categories, joined; empty for items of any kind. */
  categories: string;
  window: string;
  count: number;
}

export const windows = ['minute', 'hour', 'day', 'month'];

const KINDS: [string, string][] = [
  ['', 'items'],
  ['error', 'errors'],
  ['attachment', 'attachment bytes'],
  ['attachment_item', 'attachments'],
  ['session', 'session updates'],
  ['security', 'security reports']
];

/** What can be chosen, with what is chosen now among it. */
export const kinds = (chosen: string): [string, string][] =>
  KINDS.some(([value]) => value === chosen) ? KINDS : [...KINDS, [chosen, chosen]];

export const fresh = (): Limit => ({ key: '', categories: 'error', window: 'hour', count: 1000 });

export function rows(project: ProjectQuotas, keys: Key[]): Limit[] {
  const row = (key: string) => (quota: Quota) => ({
    key,
    categories: quota.categories.join(','),
    window: quota.window,
    count: quota.count
  });
  return [...project.quotas.map(row('')), ...keys.flatMap(({ id, quotas }) => quotas.map(row(id)))];
}

/** Those of one key, or of all of them together. */
export const of = (limits: Limit[], owner: string): Quota[] =>
  limits
    .filter(({ key }) => key === owner)
    .map(({ categories, window, count }) => ({
      categories: categories ? categories.split(',') : [],
      window,
      count
    }));
