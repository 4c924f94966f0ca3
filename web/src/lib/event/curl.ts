/** The request of an event as a command that makes it again. Pure. */
import type { Request } from '$lib/api/types';

/** What curl works out by itself, and would get wrong when told. */
const OWN = ['host', 'content-length', 'connection', 'accept-encoding', 'transfer-encoding'];

/** Quotes for a shell: nothing within single quotes means anything but a single quote. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Null without an address. What the server or the SDK filtered out stays filtered. */
export function asCurl(request: Request): string | null {
  if (!request.url) return null;
  const cookies = request.cookies.map(([name, value]) => `${name}=${value}`).join('; ');
  const method = request.method?.toUpperCase() ?? 'GET';
  const body = bodyOf(request);
  const lines = [
    `curl ${quoted(addressOf(request))}`,
    method === (body === null ? 'GET' : 'POST') ? null : `--request ${quoted(method)}`,
    ...request.headers
      .filter(([name]) => !OWN.includes(name.toLowerCase()))
      .filter(([name]) => !(cookies && name.toLowerCase() === 'cookie'))
      .map(([name, value]) => `--header ${quoted(`${name}: ${value}`)}`),
    cookies ? `--cookie ${quoted(cookies)}` : null,
    body === null ? null : `--data-raw ${quoted(body)}`
  ];
  return lines.filter((line) => line !== null).join(' \\\n  ');
}

function addressOf({ url, query }: Request): string {
  const search = new URLSearchParams(query.map(([name, value]) => [name, value])).toString();
  return search && !url?.includes('?') ? `${url}?${search}` : (url ?? '');
}

/** A form that the SDK took apart is put together again; other objects were JSON. */
function bodyOf({ data, inferredContentType: kind }: Request): string | null {
  if (data === null || data === undefined || data === '') return null;
  if (typeof data !== 'object') return String(data);
  if (kind?.includes('form-urlencoded') && !Array.isArray(data)) {
    const fields = Object.entries(data).map(([name, value]) => [name, String(value)]);
    return new URLSearchParams(fields).toString();
  }
  return JSON.stringify(data);
}
