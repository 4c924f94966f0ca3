/** The two texts of rules that a project has, and where the server found fault with them. */
import { ApiError } from '$lib/api/client';

export interface Rules {
  groupingEnhancements: string;
  fingerprintingRules: string;
}

export const same = (a: Rules, b: Rules) =>
  a.groupingEnhancements === b.groupingEnhancements &&
  a.fingerprintingRules === b.fingerprintingRules;

export interface Fault {
  field: keyof Rules;
  /** Counted from 1; null when it is about the whole text. */
  line: number | null;
  reason: string;
}

/** The line of the text that a refusal is about; null when it is about something else. */
export function faultOf(failure: unknown): Fault | null {
  if (!(failure instanceof ApiError) || failure.status !== 400) return null;
  const field = /^(groupingEnhancements|fingerprintingRules)\b/.exec(failure.summary)?.[1];
  const cause = failure.causes[0];
  if (!field || !cause) return null;
  const [, line, reason] = /^line (\d+): (.*)$/s.exec(cause) ?? [];
  return {
    field: field as keyof Rules,
    line: line ? Number(line) : null,
    reason: reason ?? cause
  };
}
