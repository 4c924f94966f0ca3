/** Whom and where an event hit, in a line: what is read before the stack trace. Pure. */
import type { Event, EventUser } from '$lib/api/types';

export interface Fact {
  label: string;
  text: string;
  /** The tag by which issues with the same can be found. */
  tag?: { key: string; value: string };
  /** Whether it is an id that people copy rather than read. */
  id?: boolean;
}

export const userName = ({ email, username, name, id, ip_address: address }: User): string | null =>
  [email, username, name, id, address].find(Boolean) ?? null;

type User = Pick<EventUser, 'email' | 'username' | 'name' | 'id'> & {
  ip_address?: string | null;
};

/** Contexts that are worth a word, and what they are called. */
const CONTEXTS: [string, string][] = [
  ['browser', 'Browser'],
  ['client_os', 'System'],
  ['os', 'System'],
  ['device', 'Device'],
  ['runtime', 'Runtime']
];

const TAGS: [string, string][] = [
  ['transaction', 'Transaction'],
  ['release', 'Release'],
  ['environment', 'Environment'],
  ['server_name', 'Server']
];

export function summarise(event: Event): Fact[] {
  const tag = (key: string) => event.tags.find((one) => one.key === key);
  const user = event.user ? userName(event.user) : null;
  const facts: (Fact | null)[] = [
    user ? { label: 'User', text: user, tag: tag('user') } : null,
    address(event),
    ...TAGS.map(([key, label]) => {
      const found = tag(key);
      return found ? { label, text: found.value, tag: found } : null;
    }),
    ...CONTEXTS.map(([key, label]) => {
      const text = contextName(key, event.contexts[key]);
      return text ? { label, text, tag: tag(key) } : null;
    }),
    trace(event)
  ];
  const found = facts.filter((fact) => fact !== null);
  // A browser tells of the server's system and its own: one is enough here.
  return found.filter((fact, at) => found.findIndex(({ label }) => label === fact.label) === at);
}

function address(event: Event): Fact | null {
  const entry = event.entries.find(({ type }) => type === 'request');
  if (entry?.type !== 'request' || !entry.data.url) return null;
  const { method, url } = entry.data;
  return { label: 'Request', text: [method, url].filter(Boolean).join(' '), tag: undefined };
}

/** `Firefox 140.0`, `Pixel 8`, from whatever an SDK sent. */
function contextName(key: string, context: unknown): string | null {
  if (!context || typeof context !== 'object') return null;
  const read = (field: string) => {
    const value = (context as Record<string, unknown>)[field];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  };
  if (key === 'device') return read('model') ?? read('family') ?? read('name');
  const name = read('name');
  return name ? [name, read('version')].filter(Boolean).join(' ') : null;
}

function trace(event: Event): Fact | null {
  const context = event.contexts.trace as { trace_id?: unknown } | null | undefined;
  const id = context?.trace_id;
  return typeof id === 'string' && id ? { label: 'Trace', text: id, id: true } : null;
}
