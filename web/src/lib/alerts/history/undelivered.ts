/** Messages that nobody got, and what they would have told of. Pure. */
import type { Delivery, Firing } from '$lib/api/types';
import { isUndelivered } from './deliveries';

/** Those that were given up, and among the latest those for which there was no way; latest first, each once. */
export function undelivered(dead: Delivery[], latest: Delivery[]): Delivery[] {
  const all = [...dead, ...latest.filter(isUndelivered)].map((one) => [one.id, one] as const);
  return [...new Map(all).values()].sort((a, b) => Number(b.id) - Number(a.id));
}

/** Each message with the latest firing that it tells of; `others` tell of none of these, as a digest does. */
export function byFiring(messages: Delivery[], firings: Firing[]) {
  const firingOf = (message: Delivery) => firings.find(({ id }) => message.firings.includes(id));
  return {
    firings: firings
      .map((firing) => ({
        ...firing,
        deliveries: messages.filter((message) => firingOf(message) === firing)
      }))
      .filter(({ deliveries }) => deliveries.length > 0),
    others: messages.filter((message) => !firingOf(message))
  };
}
