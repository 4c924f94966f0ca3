/** Reads what an SDK may have sent in any shape as named values. */

/** The members of an object; anything else that is not empty stands alone under `alone`. */
export function named(value: unknown, alone = 'value'): [string, unknown][] {
  if (value === null || value === undefined || value === '') return [];
  return typeof value === 'object' ? Object.entries(value) : [[alone, value]];
}
