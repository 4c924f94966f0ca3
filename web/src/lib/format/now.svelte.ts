/** The present, as a reactive value that every relative time of a page shares. */

const STEP_MS = 15_000;

let now = $state(Date.now());

setInterval(() => (now = Date.now()), STEP_MS);

/** Milliseconds since the epoch, at most 15 s old. */
export const present = () => now;
