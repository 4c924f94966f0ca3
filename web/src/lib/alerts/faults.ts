/** Where in a rule or a destination the server found fault: `when[0].minutes: is 1 to 1440.` Pure. */
import { ApiError } from '$lib/api/client';
import { full } from '$lib/format/number';

export interface Fault {
  /** As the API names it: `when[0].minutes`. */
  field: string;
  /** What it has to be, as a sentence. */
  text: string;
}

/** The faults that a refusal is about; none for one that is about something else. */
export function faultsOf(failure: unknown): Fault[] {
  if (!(failure instanceof ApiError) || failure.status !== 400) return [];
  return failure.causes.flatMap((cause) => {
    const [, field, what] = /^([A-Za-z][\w.[\]]*): (.+)$/s.exec(cause) ?? [];
    return field && what ? [{ field, text: told(field, what) }] : [];
  });
}

/** Those at a field, and within it. */
export const faultsAt = (faults: Fault[], field: string): Fault[] =>
  faults.filter(
    (fault) =>
      fault.field === field ||
      fault.field.startsWith(`${field}.`) ||
      fault.field.startsWith(`${field}[`)
  );

export const isWrong = (faults: Fault[], field: string): true | undefined =>
  faults.some((fault) => fault.field === field) || undefined;

/** What the form calls a field, where that is another word. */
const NOUNS: Record<string, string> = {
  when: 'Triggers',
  actions: 'Recipients',
  atMostEvery: 'How often',
  to: 'Addresses',
  below: 'Rate',
  above: 'Rate',
  url: 'URL'
};

/** `Minutes: 1 to 1,440.` from `is 1 to 1440`; a noun that the server says, too, stands once. */
function told(field: string, what: string): string {
  const words = what.endsWith('.') ? what : `${what}.`;
  if (words.startsWith('there is')) return capital(words);
  const name = (field.split('.').pop() ?? field).replace(/\[\d+\]$/, '');
  const noun =
    NOUNS[name] ?? capital(name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
  const wanted = words
    .replace(/^(is|are|has) /, '')
    .replace(/\d{4,}/g, (number) => full(Number(number)));
  return wanted.includes(noun.toLowerCase()) ? capital(wanted) : `${noun}: ${wanted}`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
