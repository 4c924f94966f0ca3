/** How a message to somebody stands, as words. Pure. */
import type { Delivery } from '$lib/api/types';
import { plural } from '$lib/format/number';
import { duration } from '$lib/format/span';
import { exact } from '$lib/format/time';
import { channelOf } from '../destinations/channels';

type Standing = Pick<Delivery, 'state' | 'tries' | 'latencyMillis'>;

/** Whether somebody who was to get it did not: it was given up, or tried and dropped since nothing could bring it. */
export const isUndelivered = ({ state, tries }: Pick<Delivery, 'state' | 'tries'>): boolean =>
  state === 'dead' || (state === 'dropped' && tries > 0);

export interface State {
  tone: 'good' | 'error' | 'warning' | 'plain';
  word: string;
  /** More of it, in small; may be empty. */
  note: string;
}

export function stateOf({ state, tries, latencyMillis }: Standing): State {
  switch (state) {
    case 'delivered':
      return {
        tone: 'good',
        word: 'Delivered',
        note: latencyMillis == null ? '' : `in ${duration(latencyMillis)}`
      };
    case 'dead':
      return { tone: 'error', word: 'Not delivered', note: `given up after ${tried(tries)}` };
    case 'dropped':
      return tries === 0
        ? { tone: 'plain', word: 'Dropped', note: 'nobody is there who wants it' }
        : { tone: 'error', word: 'Not delivered', note: 'not sent' };
    default:
      return tries === 0
        ? { tone: 'plain', word: 'On its way', note: '' }
        : { tone: 'warning', word: 'Trying again', note: `after ${tried(tries)}` };
  }
}

const tried = (tries: number) => plural(tries, 'try').replace('trys', 'tries');

/** When it is tried next; empty for what is not tried again. `now` is in milliseconds. A time that is over means that the other
 * end is not there: nothing is sent that way but a probe now and then. */
export function nextOf(delivery: Pick<Delivery, 'state' | 'tries' | 'nextTry'>, now: number) {
  const { state, tries, nextTry } = delivery;
  if (state !== 'waiting' || tries === 0 || !nextTry) return '';
  if (Date.parse(nextTry) > now) return `next ${exact(nextTry)}`;
  return 'next as soon as it answers: asked about every half minute';
}

/** What the other side said: `404 in 120 ms: no_service`, or what went wrong before it could. */
export function answerOf({ status, millis, answer }: Delivery['attempts'][number]): string {
  if (status == null) return answer || `no answer in ${duration(millis)}`;
  const took = `${status} in ${duration(millis)}`;
  return answer ? `${took}: ${answer}` : took;
}

/** Who gets it: a member or a destination, also one that is gone. */
export function nameOf({ to }: Pick<Delivery, 'to'>): string {
  if (to.type === 'member') return to.name ?? 'A member who left';
  return to.name ?? 'A destination that is gone';
}

/** How it gets there: `E-mail` for members. */
export const channelNameOf = ({ to }: Pick<Delivery, 'to'>): string =>
  to.type === 'member' ? 'E-mail' : (channelOf(to.channel ?? '')?.label ?? '');
