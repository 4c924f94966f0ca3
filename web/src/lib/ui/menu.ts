/** The entries of a menu, and how the keyboard walks them. */
import type { IconName } from './icons';

export interface Item {
  label: string;
  /** What stands behind the label, in small. */
  hint?: string;
  icon?: IconName;
  /** A person's name instead of an icon. */
  person?: string;
  /** Set for a choice among several: whether it is the one. */
  checked?: boolean;
  tone?: 'danger';
  /** Begins a group of its own. */
  apart?: boolean;
  onselect: () => void;
}

/**
 * Where a key leads among `labels`, from the entry `at` (-1 for none); null for a key that is not ours.
 * A letter leads to the next entry that begins with it.
 */
export function walk(key: string, at: number, labels: string[]): number | null {
  const count = labels.length;
  if (count === 0) return null;
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % count;
    case 'ArrowUp':
      return (Math.max(at, 0) + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
  }
  if (key.length !== 1 || key === ' ') return null;
  const wanted = key.toLowerCase();
  for (let step = 1; step <= count; step++) {
    const next = (Math.max(at, -1) + step) % count;
    if (labels[next]?.toLowerCase().startsWith(wanted)) return next;
  }
  return null;
}
