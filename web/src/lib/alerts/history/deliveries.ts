/** How a message to somebody stands, as words. Pure. */
import type { Delivery } from '$lib/api/types';
import { plural } from '$lib/format/number';
import { duration } from '$lib/format/span';
import { channelOf } from '../destinations/channels';

type Standing = Pick<Delivery, 'state' | 'tries' | 'latencyMillis'>;

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
      return {
        tone: 'plain',
        word: 'Dropped',
        note: tries === 0 ? 'nobody is there who wants it' : ''
      };
    default:
      return tries === 0
        ? { tone: 'plain', word: 'On its way', note: '' }
        : { tone: 'warning', word: 'Trying again', note: `after ${tried(tries)}` };
  }
}

const tried = (tries: number) => plural(tries, 'try').replace('trys', 'tries');

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
