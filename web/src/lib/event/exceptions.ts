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
  /** How many groups it is within, as far as a page has room to indent. */
  depth: number;
}

const DEEPEST = 5;

/** SDKs send the cause first and what was thrown last: the reader wants the opposite. */
export function readingOrder(values: Exception[]): Link[] {
  const newestFirst = [...values].reverse();
  return newestFirst.map((exception, at) => ({
    exception,
    place: values.length - 1 - at,
    relation: at === 0 ? null : relation(exception, values),
    group: isGroup(exception),
    depth: depth(exception, values)
  }));
}

/** What is said of how an exception was caught; empty when that is not an object at all. */
export function mechanism({ mechanism: sent }: Exception): Mechanism {
  return sent && typeof sent === 'object' ? sent : {};
}

const isGroup = (exception: Exception) => mechanism(exception).is_exception_group === true;

/** The exception that another one follows from, when it names one by its number. */
function parentOf(exception: Exception, all: Exception[]): Exception | undefined {
  const { parent_id: id } = mechanism(exception);
  return id == null ? undefined : all.find((one) => mechanism(one).exception_id === id);
}

/** A cause stands beside what it caused, a member one step within its group. SDKs may send circles. */
function depth(exception: Exception, all: Exception[]): number {
  let found = 0;
  let at = exception;
  for (let steps = 0; steps < all.length && found < DEEPEST; steps += 1) {
    const parent = parentOf(at, all);
    if (!parent || parent === at) break;
    if (isGroup(parent) && mechanism(at).source !== '__cause__') found += 1;
    at = parent;
  }
  return found;
}

/** How an exception below another one reads on: `Caused by`, `In group ExceptionGroup`… */
function relation(exception: Exception, all: Exception[]): string {
  const { source } = mechanism(exception);
  const parent = parentOf(exception, all);
  if (source === '__context__') return 'Raised while handling';
  if (parent && isGroup(parent) && source !== '__cause__') {
    return `In group ${parent.type ?? ''}`;
  }
  const above = all[all.indexOf(exception) + 1];
  return parent && parent !== above ? `Cause of ${parent.type ?? 'the above'}` : 'Caused by';
}
