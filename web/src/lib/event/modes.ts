/** The ways to look at a stack trace. Pure. */
import type { Exception } from '$lib/api/types';

/** The program's own calls, all of them, all as they were before names were looked up, or plain text. */
export type Mode = 'app' | 'all' | 'minified' | 'text';

const MODES: { value: Mode; label: string }[] = [
  { value: 'app', label: 'In app' },
  { value: 'all', label: 'All frames' },
  { value: 'minified', label: 'Minified' },
  { value: 'text', label: 'Text' }
];

/** Those that an event can be looked at in: without a symbolicated trace there is no other one. */
export const modes = (exceptions: Pick<Exception, 'rawStacktrace'>[] = []) =>
  MODES.filter(
    ({ value }) =>
      value !== 'minified' || exceptions.some(({ rawStacktrace: raw }) => raw?.frames.length)
  );
