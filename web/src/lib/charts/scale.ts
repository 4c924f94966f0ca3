/** Where bars and grid lines of a chart stand. Pure numbers, no drawing. */

/** The smallest round number (1, 2 or 5 × 10ⁿ) that is at least `max`; 1 for an empty chart. */
export function ceiling(max: number): number {
  if (max <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(max));
  const factor = [1, 2, 5, 10].find((step) => step * power >= max) ?? 10;
  return factor * power;
}

/** Every how many-th bucket gets a label, so that at most `room` labels stand side by side. */
export function labelStep(buckets: number, room: number): number {
  return Math.max(1, Math.ceil(buckets / room));
}
