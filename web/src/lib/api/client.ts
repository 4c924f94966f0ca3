/**
 * The one way out to the server: adds the CSRF header, speaks JSON, turns a refusal into an
 * `ApiError`. It knows no endpoint; those stand in the files beside it.
 */
import { plural } from '../format/number';
import { readLinks, type Links } from './links';

const BASE = '/api/0';

export class ApiError extends Error {
  /** HTTP status, or 0 when the server did not answer. */
  readonly status: number;
  /** What the server said in short, without what led to it. */
  readonly summary: string;
  readonly causes: string[];

  constructor(status: number, summary: string, causes: string[] = []) {
    super(causes.length > 0 ? `${summary.replace(/\.$/, '')}: ${causes.join('; ')}.` : summary);
    this.name = 'ApiError';
    this.status = status;
    this.summary = summary;
    this.causes = causes;
  }
}

export type Fetch = typeof fetch;
type Param = string | number | null | undefined;
export type Params = Record<string, Param | Param[]>;

interface Options {
  /** SvelteKit's own, inside a load function. */
  fetch?: Fetch;
  params?: Params;
  body?: unknown;
  /** What a 401 does: leads to the sign-in page (default), or is thrown like any refusal. */
  unauthorized?: 'sign-in' | 'throw';
}

export interface Reply<T> {
  data: T;
  links: Links;
}

let csrfToken: string | null = null;

/** Keeps the token of the session for the unsafe requests that follow. */
export function rememberCsrf(token: string | null) {
  csrfToken = token;
}

/** A path whose filled-in parts are percent-encoded. */
export function path(parts: TemplateStringsArray, ...values: string[]): string {
  return String.raw({ raw: parts }, ...values.map(encodeURIComponent));
}

/** The address of an API path, for links that the browser follows by itself. */
export function address(path: string, params: Params = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined) search.append(key, String(one));
    }
  }
  return search.size > 0 ? `${BASE}${path}?${search}` : `${BASE}${path}`;
}

export async function send<T>(method: string, path: string, options: Options = {}) {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET' && csrfToken) headers['X-CSRF-Token'] = csrfToken;
  const response = await reach(options.fetch ?? fetch, address(path, options.params), {
    method,
    headers,
    body: options.body === undefined ? undefined : JSON.stringify(options.body)
  });
  if (response.ok) {
    return { data: await body<T>(response), links: readLinks(response.headers.get('Link')) };
  }
  if (response.status === 401 && options.unauthorized !== 'throw') return leaveForSignIn();
  throw await refusal(response);
}

export async function get<T>(path: string, options?: Options): Promise<T> {
  return (await send<T>('GET', path, options)).data;
}

export async function post<T>(path: string, body?: unknown, options?: Options): Promise<T> {
  return (await send<T>('POST', path, { ...options, body })).data;
}

export async function put<T>(path: string, body: unknown, options?: Options): Promise<T> {
  return (await send<T>('PUT', path, { ...options, body })).data;
}

export async function remove(path: string, options?: Options): Promise<void> {
  await send('DELETE', path, options);
}

async function reach(fetch: Fetch, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch {
    throw new ApiError(0, 'The server does not answer. Check the connection and try again.');
  }
}

async function body<T>(response: Response): Promise<T> {
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

/** The server's own words: what it refused and, when it says so, why. */
async function refusal(response: Response): Promise<ApiError> {
  const said = await response.json().catch(() => null);
  const seconds = Number(response.headers.get('Retry-After'));
  if (response.status === 429 && seconds > 0) {
    return new ApiError(429, `Too many attempts. Try again ${inTime(seconds)}.`);
  }
  if (typeof said?.detail !== 'string') {
    return new ApiError(response.status, `The server answered ${response.status}.`);
  }
  return new ApiError(response.status, said.detail, said.causes ?? []);
}

/** `in 40 seconds`, `in 15 minutes`: rounded up, so that waiting that long is enough. */
function inTime(seconds: number): string {
  return seconds < 60
    ? `in ${plural(Math.ceil(seconds), 'second')}`
    : `in ${plural(Math.ceil(seconds / 60), 'minute')}`;
}

/** A full page load forgets everything the last person saw; nothing after it needs an answer. */
function leaveForSignIn(): Promise<never> {
  const here = location.pathname + location.search;
  location.assign(`/sign-in?next=${encodeURIComponent(here)}`);
  return new Promise(() => {});
}
