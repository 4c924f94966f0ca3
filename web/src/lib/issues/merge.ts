/** Which issue several ones would go into. The server decides; this says it beforehand. */
import type { Issue } from '$lib/api/types';

/** The one with the most events, of two such ones the older; null when they cannot be merged. */
export function targetOf(issues: Issue[]): Issue | null {
  const [first] = issues;
  if (!first || issues.length < 2) return null;
  if (issues.some(({ project }) => project.id !== first.project.id)) return null;
  const events = ({ count }: Issue) => Number(count);
  return issues.reduce((best, issue) =>
    events(issue) > events(best) || (events(issue) === events(best) && +issue.id < +best.id)
      ? issue
      : best
  );
}
