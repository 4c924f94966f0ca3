/** Short notes on what was just done, each with at most one way to take it back. They go by themselves. */

export interface Toast {
  id: number;
  text: string;
  /** Where to look at what came of it. */
  link?: { href: string; label: string };
  undo?: () => Promise<unknown>;
}

/** Long enough to read it and to change one's mind. */
const STAYS = 12_000;

class Toasts {
  shown = $state<Toast[]>([]);
  #last = 0;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  say(text: string, more: Pick<Toast, 'link' | 'undo'> = {}) {
    const toast = { id: ++this.#last, text, ...more };
    // Three are as many as fit on a phone.
    this.shown = [...this.shown, toast].slice(-3);
    this.release(toast.id);
  }

  /** Whoever points at one is still reading it. */
  hold(id: number) {
    clearTimeout(this.#timers.get(id));
  }

  release(id: number) {
    this.hold(id);
    this.#timers.set(
      id,
      setTimeout(() => this.drop(id), STAYS)
    );
  }

  drop(id: number) {
    this.hold(id);
    this.#timers.delete(id);
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
