/** What an issue is called: its exception type apart from its value, when it has them. */
import type { IssueMetadata } from '$lib/api/types';

interface Titled {
  title: string;
  metadata?: IssueMetadata;
}

export const headline = ({ title, metadata }: Titled) => metadata?.type || title || '<untitled>';

/** The line under the headline; null when the title already says it all. */
export function valueLine({ title, metadata }: Titled): string | null {
  if (!metadata?.type) return null;
  return metadata.value || (title === metadata.type ? null : title);
}
