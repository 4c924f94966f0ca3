/** Which of many names is meant by a few letters. Pure. */

/** How well a name fits: less is better; null when not all letters are in it, in order. */
export function misfit(name: string, letters: string): number | null {
  const text = name.toLowerCase();
  const wanted = letters.toLowerCase().replace(/\s+/g, '');
  let at = -1;
  let gaps = 0;
  for (const letter of wanted) {
    const next = text.indexOf(letter, at + 1);
    if (next < 0) return null;
    const begins = next === 0 || /[\s/·:-]/.test(text[next - 1] ?? '');
    if (next !== at + 1 && !begins) gaps += 2;
    else if (next !== at + 1) gaps += 1;
    at = next;
  }
  // Letters that stand together count more than anything else.
  const together = text.indexOf(letters.trim().toLowerCase());
  return together < 0 ? 100 + gaps : Math.min(together, 50) + (together === 0 ? 0 : 1);
}

/** Those that fit, the best first; as they stand without any letters. */
export function ranked<T extends { name: string }>(all: T[], letters: string): T[] {
  if (!letters.trim()) return all;
  return all
    .map((one) => ({ one, misfit: misfit(one.name, letters) }))
    .filter((found): found is { one: T; misfit: number } => found.misfit !== null)
    .sort((a, b) => a.misfit - b.misfit)
    .map(({ one }) => one);
}

/** `SHOP-12`, as people name issues; null for anything else. */
export const shortId = (text: string): string | null =>
  /^[a-z0-9][a-z0-9_-]*-\d+$/i.test(text.trim()) ? text.trim().toUpperCase() : null;
