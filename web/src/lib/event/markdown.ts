/** An event as Markdown: what a person pastes into a ticket, or hands to an agent. Pure. */
import type {
  Breadcrumb,
  Event,
  Exception,
  Frame,
  Issue,
  Request,
  Stacktrace
} from '$lib/api/types';
import { readingOrder } from './exceptions';
import { called, newestFirst, place } from './frames';
import { userName } from './summary';

const FRAMES = 25;
const CRUMBS = 15;
/** A longer text says nothing more to a reader of a ticket, in characters. */
const LONG = 2_000;

/** `address` is where the event can be seen. */
export function asMarkdown(event: Event, issue: Pick<Issue, 'shortId' | 'title'>, address: string) {
  const parts = [
    `# ${inline(`${issue.shortId}: ${issue.title}`)}`,
    facts(event, address),
    ...event.entries.flatMap((entry): (string | null)[] => {
      if (entry.type === 'message') return ['## Message', fenced(entry.data.formatted)];
      if (entry.type === 'exception') return chain(entry.data.values);
      if (entry.type === 'stacktrace') return ['## Stack trace', frames(entry.data)];
      if (entry.type === 'threads') {
        const shown = entry.data.values.find(({ crashed, current }) => crashed || current);
        return shown?.stacktrace ? ['## Stack trace', frames(shown.stacktrace)] : [];
      }
      if (entry.type === 'request') return requested(entry.data);
      return entry.type === 'breadcrumbs' ? crumbs(entry.data.values) : [];
    })
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function facts(event: Event, address: string): string {
  const tags = event.tags.map(({ key, value }) => `${key}=${value}`).join(', ');
  const rows: [string, string | null | undefined][] = [
    ['Event', `${event.eventID} at ${event.dateCreated}`],
    ['Link', address],
    ['Level', event.level],
    ['Culprit', event.culprit],
    ['Release', event.release?.version],
    ['Environment', event.environment],
    ['User', event.user ? userName(event.user) : null],
    ['Tags', tags]
  ];
  return rows
    .filter(([, value]) => value)
    .map(([name, value]) => `- **${name}**: ${inline(value ?? '')}`)
    .join('\n');
}

function chain(values: Exception[]): string[] {
  return readingOrder(values).flatMap(({ exception, relation }) => {
    const name = inline(exception.type ?? 'Exception');
    return [
      `## ${relation ? `${relation}: ` : ''}${name}`,
      exception.value ? fenced(exception.value) : '',
      frames(exception.stacktrace)
    ];
  });
}

function frames(trace: Stacktrace | null | undefined): string {
  const all = newestFirst(trace);
  if (all.length === 0) return '';
  const lines = all.slice(0, FRAMES).flatMap(frameLines);
  if (all.length > FRAMES) lines.push(`… ${all.length - FRAMES} more frames`);
  return fenced(lines.join('\n'));
}

/** The line of source only for the program's own calls: those are where to look. */
function frameLines(frame: Frame): string[] {
  const at = frame.lineNo == null ? '' : `:${frame.lineNo}`;
  const line = `${frame.inApp ? '→' : ' '} ${called(frame)} (${place(frame)}${at})`;
  const source = frame.context.find(([number]) => number === frame.lineNo)?.[1];
  return frame.inApp && source?.trim() ? [line, `      ${source.trim()}`] : [line];
}

function requested({ method, url }: Request): string[] {
  return url ? ['## Request', fenced(`${method ?? 'GET'} ${url}`)] : [];
}

function crumbs(values: Breadcrumb[]): string[] {
  const lines = values
    .slice(-CRUMBS)
    .map(({ timestamp, category, level, message, data }) =>
      [timestamp, category, level, message ?? (data ? JSON.stringify(data) : null)]
        .filter(Boolean)
        .join('  ')
    );
  return ['## Breadcrumbs, latest last', fenced(lines.join('\n'))];
}

/** One line in which no character means anything. */
const inline = (text: string) =>
  cut(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]<>#|~]/g, '\\$&');

/** A block with a fence that the text cannot close. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${cut(text)}\n${fence}`;
}

const cut = (text: string) => (text.length > LONG ? `${text.slice(0, LONG)}…` : text);
