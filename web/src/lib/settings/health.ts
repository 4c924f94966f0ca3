/** What the figures of an installation mean, and what to do about it. Pure. */
import type { Health, Storage } from '$lib/api/types';
import { bytes, plural } from '$lib/format/number';
import { duration } from '$lib/format/span';

export interface Finding {
  /** `error` for what loses events or messages, `warning` for what will. */
  tone: 'error' | 'warning';
  title: string;
  advice: string;
  link?: { href: string; label: string };
}

/** Seconds from which on events are seen too late for comfort. */
const LATE = 60;
/** Days in which a disk can still be made larger in peace. */
const SOON = 7;

/** What is wrong, the worst first; nothing when all is well. */
export function findings(health: Health, storage: Storage): Finding[] {
  const found: (Finding | false)[] = [
    Boolean(health.refusal) && {
      tone: 'error',
      title: 'Nothing is accepted',
      advice: `The store says: ${health.refusal}. Free space on the disk, or raise the limits in the settings; SDKs may have dropped events meanwhile.`,
      link: { href: '/settings/storage', label: 'Storage' }
    },
    health.lag > LATE && {
      tone: 'error',
      title: `Events are seen ${duration(health.lag * 1000)} late`,
      advice: `${plural(health.waiting, 'request')} (${bytes(health.waitingBytes)}) wait on disk; none is lost. If it does not shrink, the log says why, or the machine is too small for what is sent.`
    },
    health.undelivered > 0 && {
      tone: 'error',
      title: `${plural(health.undelivered, 'message')} reached nobody`,
      advice: 'Look at what the other side answered, mend the destination, and send them again.',
      link: { href: '/alerts/history', label: 'Alert history' }
    },
    health.deadLetters > 0 && {
      tone: 'warning',
      title: `${plural(health.deadLetters, 'request')} could not be read`,
      advice: 'They are set aside, nothing else is held up. The log names each with the reason.'
    },
    health.failures.length > 0 && {
      tone: 'warning',
      title: 'Something failed in the background and was started again',
      advice: `${health.failures.map(({ name, times }) => `${name} (${times} ×)`).join(', ')}. The log says why.`
    },
    storage.isThinned && {
      tone: 'warning',
      title: 'The disk fills: of days with many alike events only samples are kept',
      advice: 'Counts are exact all the same. Give it more room, or keep payloads for fewer days.',
      link: { href: '/settings/storage', label: 'Storage' }
    },
    storage.fullInDays != null &&
      storage.fullInDays <= SOON && {
        tone: 'warning',
        title: `The disk is full ${storage.fullInDays === 0 ? 'today' : `in ${plural(storage.fullInDays, 'day')}`}`,
        advice: 'Give it more room, or keep payloads for fewer days.',
        link: { href: '/settings/storage', label: 'Storage' }
      },
    Boolean(health.repaired) && {
      tone: 'warning',
      title: 'The index was found damaged, and was made anew',
      advice:
        'Nothing was lost. When it happens again, look at the disk; tripline verify checks everything.'
    }
  ];
  return found.filter((one) => one !== false);
}

/** `0.4`, `12`, `1,250`: as exact as it is of use. */
export const rate = (perSecond: number): string =>
  perSecond.toLocaleString('en', { maximumFractionDigits: perSecond < 10 ? 1 : 0 });
