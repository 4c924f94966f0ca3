/** How far down the list somebody went: it is as long again when they come back, so that the browser finds their place in it. */

export const PER_PAGE = 25;

let last = { list: '', rows: PER_PAGE };

/** How many rows a list, named by its address, is asked for. */
export const depthOf = (list: string) => (last.list === list ? last.rows : PER_PAGE);

/** So many rows are shown by now; only the latest list is remembered. */
export function remember(list: string, rows: number) {
  last = { list, rows: Math.max(1, Math.ceil(rows / PER_PAGE)) * PER_PAGE };
}
