/** Where the sign-in page leads to: a path of this app, never another site. */
export function destination(next: string | null): string {
  if (!next) return '/';
  const url = new URL(next, location.origin);
  return url.origin === location.origin ? url.pathname + url.search + url.hash : '/';
}
