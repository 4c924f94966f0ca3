/** What a page shows, as it stands in its address. */
import { goto } from '$app/navigation';
import { page } from '$app/state';

/** Goes on with one word of the address changed; an empty value leaves it out. */
export function changeSearch(key: string, value: string) {
  const search = new URLSearchParams(page.url.search);
  if (value) search.set(key, value);
  else search.delete(key);
  return goto(`?${search}`, { keepFocus: true, noScroll: true });
}
