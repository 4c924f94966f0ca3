/** Moments on a time axis, and which of them stand so close that they share a flag. Pure. */

export interface Mark {
  /** Unix seconds. */
  time: number;
  /** What happened, such as `shop@2.4.0`. */
  label: string;
  /** What kind of moment, such as `deployed to production`. */
  note: string;
  href: string;
}

export interface Flag {
  /** Distance from the left end, in pixels. */
  x: number;
  /** At least one, in the order of time. */
  marks: Mark[];
}

/** The marks within `start..end` (Unix seconds) as flags at least `apart` pixels from each other: one has room for its number. */
export function flags(
  marks: Mark[],
  start: number,
  end: number,
  width: number,
  apart = 28
): Flag[] {
  const found: Flag[] = [];
  const inside = marks.filter(({ time }) => time >= start && time < end);
  for (const mark of inside.sort((a, b) => a.time - b.time)) {
    const x = ((mark.time - start) / (end - start)) * width;
    const last = found.at(-1);
    if (last && x - last.x < apart) last.marks.push(mark);
    else found.push({ x, marks: [mark] });
  }
  return found;
}
