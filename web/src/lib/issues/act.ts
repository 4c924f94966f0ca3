/** Does to issues what somebody decided, says so, and keeps the way back at hand. */
import { change } from '$lib/api/decisions';
import type { Issue } from '$lib/api/types';
import { toasts } from '$lib/ui/toasts.svelte';
import { told, waysBack, type Decision } from './decide';

/** `SHOP-1`, or how many. */
export const nameAll = (issues: Pick<Issue, 'shortId'>[]): string =>
  issues.length === 1 ? (issues[0]?.shortId ?? 'it') : `${issues.length} issues`;

export async function act(org: string, issues: Issue[], decision: Decision) {
  const ids = issues.map(({ id }) => id);
  await change(org, { id: ids }, decision.edit, decision.environment);
  const ways = waysBack(issues, decision.edit);
  toasts.say(told(decision, nameAll(issues)), {
    undo: async () => {
      for (const way of ways) await change(org, { id: way.ids }, way.edit, way.environment);
    }
  });
}
