/** What a rule holds at the moment, of all its projects. Pure. */
import type { AlertRule, HeldFiring } from '$lib/api/types';

export interface HeldSum {
  total: number;
  /** When the first of it is told. */
  until: string;
}

export function heldOf(held: HeldFiring[], rule: Pick<AlertRule, 'id'>): HeldSum | null {
  const own = held.filter((waits) => waits.rule.id === rule.id);
  const [until] = own.flatMap((waits) => waits.held?.until ?? []).sort();
  return until ? { total: own.reduce((sum, { total }) => sum + total, 0), until } : null;
}
