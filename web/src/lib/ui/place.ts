/** Puts a sheet at the button that opens it. */

const GAP = 4;
const EDGE = 8;

/** Below the button, above it where there is more room, and within the window. */
export function place(sheet: HTMLElement, trigger: HTMLElement) {
  const from = trigger.getBoundingClientRect();
  const below = innerHeight - from.bottom >= sheet.offsetHeight + GAP + EDGE;
  const top = below ? from.bottom + GAP : Math.max(EDGE, from.top - sheet.offsetHeight - GAP);
  const right = innerWidth - sheet.offsetWidth - EDGE;
  sheet.style.top = `${top}px`;
  sheet.style.left = `${Math.max(EDGE, Math.min(from.left, right))}px`;
}
