/**
 * Text that people wrote in Markdown, as tokens. The components beside this show the tokens that they know, each by
 * an element of its own: no HTML is ever made from text, so that there is none to sanitise.
 */
import { Lexer, type Token } from 'marked';

export type { Token };

/** Deeper than anybody writes; what is nested further is shown as it was typed. */
export const MAX_DEPTH = 12;

export function tokens(text: string): Token[] {
  try {
    return new Lexer({ gfm: true, breaks: true }).lex(text);
  } catch {
    // Too deep for the reader of Markdown: it is text all the same.
    return [{ type: 'text', raw: text, text }];
  }
}

/** What is shown of a token that is not known, of raw HTML above all: what was typed. */
export const typed = (token: Token): string => token.raw;

/** Where a link may lead: to the web or a mailbox, or to nowhere. */
export function destination(href: string): string | null {
  try {
    const url = new URL(href, 'https://here.invalid/');
    if (url.hostname === 'here.invalid') return null;
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
