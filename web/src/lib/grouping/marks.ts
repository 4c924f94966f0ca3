/** Which frames of an event count for its grouping: read from the component tree, for its stack traces. */
import type { GroupingComponent, GroupingInfo, GroupingVariant } from '$lib/api/types';

export interface Mark {
  counts: boolean;
  /** What of the frame counts, or why it does not. */
  words: string;
}

/** The marks of one stack trace, a frame each, the outermost call first; none when nothing is known. */
export type Marks = (Mark | undefined)[] | undefined;

/** The variant that led the event to its issue, else the most telling one. */
export const decisive = (info: GroupingInfo): GroupingVariant | undefined =>
  info.variants.find(({ hasLed }) => hasLed) ?? info.variants[0];

/** The marks of the stack trace of exception or thread number `place`, or of the one that stands alone. */
export function marksOf(
  info: GroupingInfo | null,
  owner: 'exception' | 'threads' | 'stacktrace',
  place: number | null = null
): Marks {
  const root = info && decisive(info)?.component;
  const found = root && find(root, owner, place);
  const stack = found?.id === 'stacktrace' ? found : found?.parts.find(isStack);
  return stack?.parts.map(mark);
}

const isStack = ({ id }: GroupingComponent) => id === 'stacktrace';

function find(
  part: GroupingComponent,
  owner: string,
  place: number | null
): GroupingComponent | undefined {
  if (part.id === owner && (part.place ?? null) === place) return part;
  // The frames below an exception or a thread are its own.
  if (part.place != null) return undefined;
  for (const inner of part.parts) {
    const found = find(inner, owner, place);
    if (found) return found;
  }
  return undefined;
}

function mark(frame: GroupingComponent): Mark {
  const counted = frame.parts.filter(({ contributes }) => contributes).map(({ id }) => named(id));
  const words = frame.contributes
    ? `Counts for the grouping: ${counted.join(', ')}`
    : `Does not count for the grouping: ${frame.hint ?? 'nothing in it tells it from others'}`;
  return { counts: frame.contributes, words };
}

const NAMES: Record<string, string> = {
  app: 'Frames of the program itself',
  system: 'All frames',
  default: 'What it says',
  'custom-fingerprint': 'Fingerprint',
  checksum: 'Checksum',
  fallback: 'Nothing',
  'hybrid-fingerprint': 'fingerprint and',
  'chained-exception': 'chain of exceptions',
  'context-line': 'line of source',
  filename: 'file',
  'ns-error': 'error code',
  stacktrace: 'stack trace',
  threads: 'thread',
  type: 'type',
  value: 'message'
};

/** What a component or variant is called on the page. */
export const named = (id: string) => NAMES[id] ?? id;
