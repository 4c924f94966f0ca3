/** A rule that is being written: how it begins, and as the API takes it. Pure. */
import type { AlertRule, QuietHours, RuleEdit } from '$lib/api/types';
import type { Fault } from '../faults';
import { isFinished } from './conditions';
import { suggestion, type Said } from './sentence';

export interface Draft extends Said {
  /** Empty to be called by what it watches. */
  name: string;
  /** Id of the only project that it watches; null for all. */
  project: string | null;
  quiet: QuietHours | null;
}

/** A copy, so that a rule changes only when it is saved. */
export const draftOf = (rule: AlertRule): Draft => ({
  name: rule.name,
  project: rule.project?.id ?? null,
  enabled: rule.enabled,
  when: structuredClone(rule.when),
  conditions: structuredClone(rule.conditions),
  actions: structuredClone(rule.actions),
  atMostEvery: rule.atMostEvery,
  quiet: structuredClone(rule.quiet ?? null)
});

export const freshDraft = (project: string | null): Draft => ({
  name: '',
  project,
  enabled: true,
  when: [{ type: 'new_issue' }],
  conditions: [],
  actions: [{ type: 'mail', to: 'everyone' }],
  atMostEvery: 30,
  quiet: null
});

export const bodyOf = (draft: Draft): RuleEdit & { name: string } => ({
  ...draft,
  name: draft.name.trim() || suggestion(draft.when)
});

/** What decides when it fires, as far as it is written: without its name, whom it tells, and conditions still empty. */
export const trialOf = ({ name: _, actions: __, ...rest }: Draft): RuleEdit => ({
  ...rest,
  conditions: rest.conditions.filter(isFinished)
});

/** Faults of the trial as faults of the draft, which may have more conditions. */
export function placed(faults: Fault[], { conditions }: Pick<Draft, 'conditions'>): Fault[] {
  const finished = conditions.flatMap((condition, at) => (isFinished(condition) ? [at] : []));
  return faults.map((fault) => ({
    ...fault,
    field: fault.field.replace(
      /^conditions\[(\d+)\]/,
      (_, at) => `conditions[${finished[Number(at)] ?? at}]`
    )
  }));
}
