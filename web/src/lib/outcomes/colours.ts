/** The colour of each outcome, and a row of colours for everything else. */

const OUTCOMES: Record<string, string> = {
  accepted: 'var(--good)',
  filtered: 'var(--info)',
  rate_limited: 'var(--warning)',
  invalid: 'var(--error)',
  unsupported: 'var(--debug)',
  client_discard: 'var(--code-word)'
};

const OTHERS = [
  'var(--bar)',
  'var(--brand)',
  'var(--info)',
  'var(--good)',
  'var(--fatal)',
  'var(--code-number)',
  'var(--debug)'
];

export const colour = (name: string, at: number) =>
  OUTCOMES[name] ?? OTHERS[at % OTHERS.length] ?? 'var(--debug)';

export const readable = (name: string) => name.replaceAll('_', ' ');
