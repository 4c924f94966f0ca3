/** The four steps from a new installation to its first issue, and where somebody stands on that way. Pure. */

export const STEPS = [
  { id: 'account', label: 'Your account' },
  { id: 'project', label: 'Your project' },
  { id: 'sdk', label: 'Its SDK' },
  { id: 'event', label: 'First event' }
] as const;

export type StepId = (typeof STEPS)[number]['id'];

/** What is there so far. */
export interface Standing {
  hasPassword: boolean;
  /** Whether the project that is set up was given a platform: the one that is there at the start has none. */
  hasProject: boolean;
}

/** The step that was asked for, or the first that is not done; what follows the project waits for it. */
export function stepAt(wanted: string | null, { hasPassword, hasProject }: Standing): StepId {
  const due: StepId = !hasPassword ? 'account' : !hasProject ? 'project' : 'sdk';
  const open = hasProject ? STEPS : STEPS.slice(0, 2);
  return open.find(({ id }) => id === wanted)?.id ?? due;
}

/** The address of a step, and of the project that it is about. */
export function stepPath(step: StepId, project?: string): string {
  return `/welcome?${new URLSearchParams({ step, ...(project ? { project } : {}) })}`;
}
