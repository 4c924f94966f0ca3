/** The exceptions of an event in reading order, each with how it relates to the others. */
import type { Exception, Mechanism } from '$lib/api/types';

export interface Link {
  exception: Exception;
  /** Its place among those of the event, as they were sent. */
  place: number;
  /** How it follows from those above it; null for the one that was thrown. */
  relation: string | null;
  /** Whether it holds other exceptions rather than a failure of its own. */
  group: boolean;
}

/** SDKs send the cause first and what was thrown last: the reader wants the opposite. */
export function readingOrder(values: Exception[]): Link[] {
  const newestFirst = [...values].reverse();
  return newestFirst.map((exception, at) => ({
    exception,
    place: values.length - 1 - at,
    relation: at === 0 ? null : relation(exception, values),
    group: mechanism(exception).is_exception_group === true
  }));
}

/** What is said of how an exception was caught; empty when that is not an object at all. */
export function mechanism({ mechanism: sent }: Exception): Mechanism {
  return sent && typeof sent === 'object' ? sent : {};
}

/** How an exception below another one reads on: `Caused by`, `In group ExceptionGroup`… */
function relation(exception: Exception, all: Exception[]): string {
  const { source, parent_id: parentId } = mechanism(exception);
  const parent = all.find((one) => parentId != null && mechanism(one).exception_id === parentId);
  if (source === '__context__') return 'Raised while handling';
  if (parent && mechanism(parent).is_exception_group && source !== '__cause__') {
    return `In group ${parent.type ?? ''}`;
  }
  const above = all[all.indexOf(exception) + 1];
  return parent && parent !== above ? `Cause of ${parent.type ?? 'the above'}` : 'Caused by';
}
