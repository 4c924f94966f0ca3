/** The lists of a comparison with what they mean, and its figures as people read them. */
import type { Comparison, IssueMove } from '$lib/api/types';
import { short } from '$lib/format/number';

type List = 'new' | 'regressed' | 'worse' | 'better' | 'gone';

export interface Group {
  list: List;
  title: string;
  tone: 'bad' | 'good';
  /** Why an issue is in the list, in words. */
  rule: string;
}

/** In the order in which they matter. */
export const GROUPS: Group[] = [
  {
    list: 'regressed',
    title: 'Regressed',
    tone: 'bad',
    rule: 'Somebody had resolved them, and then they happened in this release, which is not older than the one they were resolved in. The sentence below each says what was seen where.'
  },
  {
    list: 'new',
    title: 'New',
    tone: 'bad',
    rule: 'No older release of the same package had them here.'
  },
  {
    list: 'worse',
    title: 'Worse',
    tone: 'bad',
    rule: 'Both releases had them, and they are more frequent now by so much that it is no chance, however many issues were looked at.'
  },
  {
    list: 'better',
    title: 'Better',
    tone: 'good',
    rule: 'Both releases had them, and they are less frequent now by so much that it is no chance.'
  },
  {
    list: 'gone',
    title: 'Gone',
    tone: 'good',
    rule: 'The baseline had them so often that this release would have shown some by now.'
  }
];

export const VERDICTS = {
  good: { title: 'Good', tone: 'good' },
  bad: { title: 'Bad', tone: 'error' },
  too_little_data: { title: 'Too little data', tone: 'warning' }
} as const;

export const verdictOf = ({ verdict }: Pick<Comparison, 'verdict'>) =>
  VERDICTS[verdict as keyof typeof VERDICTS] ?? VERDICTS.too_little_data;

/** What rates are counted by: `10,000 sessions`. */
export const per = (unit: string) => `10,000 ${unit}`;

/** A rate in 10,000 of the unit; none is a dash. */
export function rate(perThousand: number | null | undefined): string {
  if (perThousand === null || perThousand === undefined) return '–';
  const value = perThousand * 10;
  return value >= 100 ? short(Math.round(value)) : figure(value);
}

/** `2.1 ×`, or `back` where the baseline had none. */
export const ratio = (move: IssueMove) =>
  move.ratio === null || move.ratio === undefined ? '' : `${figure(move.ratio)} ×`;

/** `1.6 to 2.8 ×`, the range that the ratio is in with 95 % confidence. */
export function interval({ interval }: Pick<IssueMove, 'interval'>): string {
  if (!interval) return '';
  const [least, most] = interval as unknown as [number, number | null];
  return most === null ? `at least ${figure(least)} ×` : `${figure(least)} to ${figure(most)} ×`;
}

/** `99 % sure`: never rounded up. */
export function sureness(confidence: number): string {
  if (confidence >= 0.9999) return 'over 99.99 % sure';
  const percent = confidence * 100;
  return `${percent >= 99 ? Math.floor(percent * 100) / 100 : Math.floor(percent)} % sure`;
}

function figure(value: number): string {
  if (value === 0) return '0';
  if (value >= 10) return String(Math.round(value));
  return value >= 0.1 ? value.toFixed(1) : '<0.1';
}
