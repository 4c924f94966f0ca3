/** Messages that nobody got, and what they would have told of. Pure. */
import type { Delivery, Firing } from '$lib/api/types';

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
