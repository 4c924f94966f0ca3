/**
 * What can be written where the caret stands in a search. Pure: what a project knows is given. The grammar itself is the
 * server's; this only finds the word that is being typed.
 */

/** What values are known, most common first. */
export interface Known {
  people: string[];
  releases: string[];
  environments: string[];
  /** Keys of tags, and the values of each with how many events had them. */
  tags: Map<string, Map<string, number>>;
}

export const NOTHING: Known = { people: [], releases: [], environments: [], tags: new Map() };

/** The word at the caret: where it stands, and as far as it is typed. */
export interface Word {
  start: number;
  end: number;
  /** Before the colon; null where there is none. */
  key: string | null;
  /** What is typed behind it, without an opening quote. */
  typed: string;
}

export interface Choice {
  /** What is written in place of the word. */
  text: string;
  /** What is chosen, for people. */
  label: string;
  /** What it is, or how often it was seen. */
  note: string;
}

const FIELDS: [string, string][] = [
  ['is', 'status'],
  ['assigned', 'who looks after it'],
  ['level', 'severity'],
  ['release', 'release'],
  ['environment', 'environment'],
  ['has', 'a tag is set'],
  ['platform', 'platform'],
  ['type', 'type of the exception'],
  ['title', 'title'],
  ['culprit', 'where it failed'],
  ['times_seen', 'how many events'],
  ['users', 'how many users'],
  ['first_seen', 'when it began'],
  ['last_seen', 'when it last came'],
  ['age', 'how long ago it began'],
  ['bookmarks', 'who marked it']
];

const STATUSES: [string, string][] = [
  ['unresolved', 'to be looked at'],
  ['resolved', 'said to be mended'],
  ['archived', 'put aside'],
  ['new', 'first seen within a week'],
  ['ongoing', 'known for longer'],
  ['regressed', 'came back'],
  ['escalating', 'more of it than before'],
  ['assigned', 'somebody looks after it'],
  ['unassigned', 'nobody does']
];

/** How numbers and times are asked for: what follows is typed. */
const COMPARED: Record<string, [string, string][]> = {
  times_seen: [['>100', 'more than 100 events']],
  users: [['>10', 'more than 10 users']],
  first_seen: [
    ['-24h', 'within a day'],
    ['+7d', 'more than a week ago']
  ],
  last_seen: [
    ['-1h', 'within an hour'],
    ['+7d', 'more than a week ago']
  ],
  age: [
    ['-24h', 'younger than a day'],
    ['+7d', 'older than a week']
  ]
};

const LEVELS = ['fatal', 'error', 'warning', 'info', 'debug'];
const MOST = 12;

/** The word that the caret stands in or behind; quotes hold words together. */
export function wordAt(text: string, caret: number): Word {
  let start = 0;
  let quoted = false;
  for (let at = 0; at < caret; at++) {
    if (text[at] === '"' && text[at - 1] !== '\\') quoted = !quoted;
    else if (!quoted && /[\s(]/.test(text[at] ?? '')) start = at + 1;
  }
  if (text[start] === '!' && start < caret) start++;
  let end = caret;
  const closes = (at: number) => text[at] === '"' && text[at - 1] !== '\\';
  while (end < text.length && !(quoted ? closes(end) : /[\s)]/.test(text[end] ?? ''))) end++;
  if (quoted && end < text.length) end++;
  const typed = text.slice(start, caret);
  const colon = /^([\w.-]+):/.exec(typed);
  const value = typed.slice(colon?.[0].length ?? 0).replace(/^"/, '');
  return { start, end, key: colon?.[1] ?? null, typed: value };
}

/** What can stand in place of the word. */
export function choices(word: Word, known: Known): Choice[] {
  const all = word.key === null ? keys(known) : valuesOf(word.key, known);
  const typed = word.typed.toLowerCase();
  if (word.key === null && typed === '') return all.slice(0, MOST);
  const begin = all.filter(({ label }) => label.toLowerCase().startsWith(typed));
  const contain = all.filter(
    (one) => !begin.includes(one) && one.label.toLowerCase().includes(typed)
  );
  const found = word.key === null ? begin : [...begin, ...contain];
  // There is nothing to choose where the only choice is written already.
  return found.length === 1 && found[0]?.label === word.typed ? [] : found.slice(0, MOST);
}

/** The text with the choice in place of the word, and where the caret is then. */
export function taken(text: string, word: Word, choice: Choice): { text: string; caret: number } {
  const rest = text.slice(word.end).trimStart();
  const isKey = choice.text.endsWith(':');
  const before = text.slice(0, word.start) + choice.text + (isKey ? '' : ' ');
  return { text: before + (isKey && rest ? ` ${rest}` : rest), caret: before.length };
}

function keys(known: Known): Choice[] {
  const fields = new Set(FIELDS.map(([key]) => key));
  const tags = [...known.tags.keys()].filter((key) => !fields.has(key));
  return [...FIELDS, ...tags.map((key): [string, string] => [key, 'tag'])].map(([key, note]) => ({
    text: `${key}:`,
    label: `${key}:`,
    note
  }));
}

function valuesOf(key: string, known: Known): Choice[] {
  const plain = (values: string[], note = ''): [string, string][] => values.map((it) => [it, note]);
  const pairs = (): [string, string][] => {
    switch (key) {
      case 'is':
        return STATUSES;
      case 'level':
        return plain(LEVELS);
      case 'has':
        return plain([...known.tags.keys()], 'tag');
      case 'bookmarks':
        return [['me', 'yourself'], ...plain(known.people)];
      case 'assigned':
        return [
          ['me', 'yourself'],
          ['none', 'nobody'],
          ['#everyone', 'the team'],
          ...plain(known.people)
        ];
      case 'release':
        return plain(known.releases);
      case 'environment':
        return plain(known.environments);
      default: {
        const compared = COMPARED[key];
        if (compared) return compared;
        const values = [...(known.tags.get(key) ?? [])].sort(([, a], [, b]) => b - a);
        return values.map(([value, count]) => [value, count.toLocaleString('en')]);
      }
    }
  };
  // What is compared is a sign and a value; a tag that begins with a sign is not.
  const written = key in COMPARED ? (value: string) => value : quoted;
  return pairs().map(([value, note]) => ({ text: `${key}:${written(value)}`, label: value, note }));
}

/** A value as it is written: in quotes where it would be read as something else without. */
function quoted(value: string): string {
  return /^(?!\/\/)#?[\w.@+/-]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** What the server said of a search, and the character that it means, counted from 1. */
export function fault(refusal: string): { message: string; position: number | null } {
  const place = / \(at character (\d+)\)\.?$/.exec(refusal);
  if (!place) return { message: refusal, position: null };
  return { message: refusal.slice(0, place.index), position: Number(place[1]) };
}
