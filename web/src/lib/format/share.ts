/** Shares of a whole, near to 100 % as exactly as it matters there. */

/** `99.97 %`; what is not all never reads as 100 %. `percent` is from 0 to 100. */
export function percent(percent: number): string {
  if (percent >= 100) return '100 %';
  const digits = percent >= 99 ? 2 : percent >= 10 ? 1 : 2;
  const power = 10 ** digits;
  return `${Math.floor(percent * power) / power} %`;
}
