/** Reads the `Link` header that pages a list. It does not follow the links. */

export interface Links {
  /** Cursor of the page before, or null when there is none. */
  previous: string | null;
  /** Cursor of the page after, or null when there is none. */
  next: string | null;
}

export function readLinks(header: string | null): Links {
  const links: Links = { previous: null, next: null };
  for (const part of (header ?? '').split(/,\s*(?=<)/)) {
    const rel = attribute(part, 'rel');
    if ((rel === 'previous' || rel === 'next') && attribute(part, 'results') === 'true') {
      links[rel] = attribute(part, 'cursor');
    }
  }
  return links;
}

function attribute(part: string, name: string): string | null {
  return new RegExp(`[;\\s]${name}="([^"]*)"`).exec(part)?.[1] ?? null;
}
