/** Amounts as people read them. */

const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const FULL = new Intl.NumberFormat('en');
const SIZES = ['B', 'KiB', 'MiB', 'GiB'];

/** `12.3K`. */
export const short = (count: number) => SHORT.format(count);

/** `12,345`. */
export const full = (count: number) => FULL.format(count);

/** `12.3 KiB`. */
export function bytes(count: number): string {
  let size = count;
  let unit = 0;
  while (size >= 1024 && unit < SIZES.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${SIZES[unit]}`;
}

/** `42 %`; a share that is not nothing never reads as 0 %. */
export function share(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %';
  const percent = (part / whole) * 100;
  return percent < 1 ? '<1 %' : `${Math.round(percent)} %`;
}

/** `1 event`, `2 events`; `write` says how the number itself is written. */
export function plural(count: number, word: string, write = full): string {
  return `${write(count)} ${word}${count === 1 ? '' : 's'}`;
}
