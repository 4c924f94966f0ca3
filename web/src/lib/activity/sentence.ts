/** What happened to an issue, in a sentence an entry. */
import type { Activity } from '$lib/api/types';
import { plural } from '$lib/format/number';
import { localised } from '$lib/format/time';

/** An issue that an entry names. */
interface Named {
  id?: string;
  shortId?: string;
}

export interface Sentence {
  /** Who and what: `Ada resolved it`. */
  text: string;
  /** The issues that it is about. */
  issues: { id: string; shortId: string }[];
  /** The event that did it. */
  event?: string;
}

type Data = Record<string, unknown>;

/** A person who left, or nobody in particular. */
const SOMEBODY = 'Somebody';

/** `story` are the entries around it, one of which it may be about. */
export function sentence({ type, user, data }: Activity, story: Activity[] = []): Sentence {
  const who = user?.name ?? SOMEBODY;
  const told = (data ?? {}) as Data;
  if (type === 'undo') {
    const undone = story.find(({ id }) => id === told.activity)?.type ?? '';
    return { text: `${who} undid ${UNDONE[undone] ?? 'an earlier change'}`, issues: [] };
  }
  const say = SENTENCES[type] ?? (() => ({ text: `${who}: ${type.replaceAll('_', ' ')}` }));
  return { issues: [], ...say(who, told) };
}

const SENTENCES: Record<string, (who: string, data: Data) => Partial<Sentence> & { text: string }> =
  {
    first_seen: () => ({ text: 'Seen for the first time' }),
    set_resolved: decided,
    set_resolved_in_release: decided,
    set_resolved_in_commit: decided,
    set_ignored: decided,
    set_unresolved: (who, data) => {
      const why = words(data.reason);
      // Nobody did it: what it was archived for has come.
      return { text: why.startsWith('reopened') ? capital(why) : `${who} reopened it` };
    },
    set_escalating: (_, data) => ({ text: capital(words(data.reason)) }),
    set_regression: (_, data) => ({
      text: capital(words(data.reason) || `came back${where(data)}`),
      event: typeof data.eventID === 'string' ? data.eventID : undefined
    }),
    reconsidered: (_, data) => ({
      text: `Looked at again: ${words(data.reason) || `it is ${words(data.status)}`}`
    }),
    assigned: (who, data) => {
      const to = data.assigneeType === 'team' ? 'everyone' : words(data.assigneeName);
      return { text: to === who ? `${who} took it` : `${who} assigned it to ${to || 'somebody'}` };
    },
    unassigned: (who) => ({ text: `${who} assigned it to nobody` }),
    note: (who) => ({ text: who }),
    merge: (who, data) => {
      const from = named(data.issues);
      return { text: `${who} merged ${plural(from.length, 'issue')} into it`, issues: from };
    },
    merged_into: (who, data) => ({
      text: `${who} merged it into another one`,
      issues: named([data.destination])
    }),
    came_back: (who, data) => ({
      text: `${who} took the merge back`,
      issues: named([data.source])
    }),
    unmerge_source: (who, data) => ({
      text: `${who} split ${count(data.fingerprints)} out of it`,
      issues: named([data.destination])
    }),
    unmerge_destination: (who, data) => ({
      text: `${who} split it out of another one`,
      issues: named([data.source])
    }),
    went_back: (who, data) => ({
      text: `${who} took the split back`,
      issues: named([data.destination])
    })
  };

/** `resolved in shop@2.3.0` is told of somebody, or, of a commit that says so, as it stands. */
function decided(who: string, data: Data): { text: string } {
  const what = words(data.reason);
  if (who === SOMEBODY) return { text: capital(what) };
  return { text: `${who} ${what.replace(/^(\w+)/, '$1 it')}` };
}

const words = (value: unknown): string => (typeof value === 'string' ? localised(value) : '');

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const UNDONE: Record<string, string> = { merge: 'the merge', unmerge_source: 'the split' };

const count = (hashes: unknown) => plural(Array.isArray(hashes) ? hashes.length : 1, 'fingerprint');

function where({ version, environment }: Data): string {
  const release = typeof version === 'string' ? ` in ${version}` : '';
  return typeof environment === 'string' ? `${release} (${environment})` : release;
}

function named(issues: unknown): Sentence['issues'] {
  const list = (Array.isArray(issues) ? issues : []) as (Named | undefined)[];
  return list.flatMap((issue) =>
    issue?.id ? [{ id: issue.id, shortId: issue.shortId ?? `#${issue.id}` }] : []
  );
}
