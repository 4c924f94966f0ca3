/**
 * What can be done here, by key and by name: pages say it, the help lists it, the palette finds it.
 * It knows no page itself.
 */
import { untrack } from 'svelte';
import type { IconName } from '$lib/ui/icons';

export interface Command {
  /** What it does: `Resolve the issue`. */
  name: string;
  /** Where it belongs: `This issue`. */
  group: string;
  /** The key that does it, as events name it. */
  key?: string;
  icon?: IconName;
  run: () => void;
}

/** Where a key is text, or means something of its own. */
const TYPING = 'input:not([type=checkbox]), select, textarea, [contenteditable], dialog *';

class Commands {
  #sets = $state.raw<Command[][]>([]);

  /** The latest page's first. */
  all = $derived(this.#sets.toReversed().flat());

  /** Adds commands until the answer is called. */
  add(set: Command[]): () => void {
    this.#sets = [...this.#sets, set];
    return () => {
      this.#sets = this.#sets.filter((other) => other !== set);
    };
  }

  /** Runs what a key stands for, unless it is meant for something else. */
  hear(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.target as Element;
    if (target.matches(TYPING)) return;
    // Of what has the focus, Enter means that.
    if (event.key === 'Enter' && target !== document.body) return;
    const command = this.all.find(({ key }) => key === event.key);
    if (!command) return;
    event.preventDefault();
    command.run();
  }
}

export const commands = new Commands();

/** Offers what `offered` answers for as long as the component lives, and anew when that changes. */
export function offer(offered: () => Command[]) {
  $effect(() => {
    const set = offered();
    // That there are others is no reason to offer it anew.
    return untrack(() => commands.add(set));
  });
}
