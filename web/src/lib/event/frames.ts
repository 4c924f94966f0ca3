/** Frames in reading order, runs of system frames folded together; and a trace as plain text. */
import type { Exception, Frame, Stacktrace } from '$lib/api/types';
import { named } from './named';

export interface Run {
  /** Position of the first frame in the reading order; keys the run on the page. */
  at: number;
  /** System frames next to each other, or a single frame of the application. */
  frames: Frame[];
  system: boolean;
}

/** Newest call first. */
export const newestFirst = (trace: Stacktrace | null | undefined) =>
  [...(trace?.frames ?? [])].reverse();

export function runs(frames: Frame[]): Run[] {
  const found: Run[] = [];
  frames.forEach((frame, at) => {
    const last = found.at(-1);
    const system = !frame.inApp;
    if (system && last?.system) last.frames.push(frame);
    else found.push({ at, frames: [frame], system });
  });
  return found;
}

export const place = (frame: Frame) =>
  frame.filename ?? frame.module ?? frame.absPath ?? frame.package ?? '<unknown file>';

export const called = (frame: Frame) => frame.function ?? frame.rawFunction ?? '<anonymous>';

export const hasDetail = (frame: Frame) => frame.context.length > 0 || named(frame.vars).length > 0;

/** The calls of a trace, a line each. */
export function framesAsText(trace: Stacktrace | null | undefined): string {
  const lines = newestFirst(trace).map((frame) => {
    const line = frame.lineNo == null ? '' : `:${frame.lineNo}`;
    return `  at ${called(frame)} (${place(frame)}${line})`;
  });
  return lines.join('\n');
}

/** An exception and its frames, ready to paste into a chat. */
export function asText(exception: Exception): string {
  const head = [exception.type, exception.value].filter(Boolean).join(': ');
  return [head, framesAsText(exception.stacktrace)].filter(Boolean).join('\n');
}
