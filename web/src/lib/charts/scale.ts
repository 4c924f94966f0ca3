/** Where bars and grid lines of a chart stand. Pure numbers, no drawing. */

const STEPS = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

/** The smallest round number that is at least `max`; 1 for an empty chart. */
export function ceiling(max: number): number {
  if (max <= 10) return Math.max(1, max);
  const power = 10 ** Math.floor(Math.log10(max));
  const factor = STEPS.find((step) => step * power >= max) ?? 10;
  return factor * power;
}

/** Every how many-th bucket gets a label, so that at most `room` labels stand side by side. */
export function labelStep(buckets: number, room: number): number {
  return Math.max(1, Math.ceil(buckets / room));
}

const LEAST_RATES = [99, 98, 95, 90, 80, 50];

/** The highest round share below `rate`, so that a line near to 100 % still shows its dips; all in percent. */
export function floor(rate: number): number {
  return LEAST_RATES.find((least) => least < rate) ?? 0;
}
