/** Says that issues changed, while somebody looks: one stream for the whole app, and none for a tab out of sight. */
import { address, path } from './client';

/** Whoever is told asks the server: not more often than this, in milliseconds. */
const PACE = 2_000;
/** A stream that was refused is tried again; one that broke off the browser takes up by itself. */
const AGAIN = 30_000;

type Listener = () => void;

class Changes {
  #listeners = new Set<Listener>();
  #source: EventSource | null = null;
  #org = '';
  #due: ReturnType<typeof setTimeout> | null = null;
  #again: ReturnType<typeof setTimeout> | null = null;
  #told = 0;

  listen(org: string, listener: Listener): () => void {
    this.#org = org;
    if (this.#listeners.size === 0) document.addEventListener('visibilitychange', this.#look);
    this.#listeners.add(listener);
    this.#open();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      document.removeEventListener('visibilitychange', this.#look);
      this.#close();
    };
  }

  #open() {
    if (this.#source || document.hidden || this.#listeners.size === 0) return;
    const source = new EventSource(address(path`/organizations/${this.#org}/changes/`));
    source.addEventListener('issues', () => this.#tell());
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED || source !== this.#source) return;
      this.#close();
      this.#again = setTimeout(() => this.#open(), AGAIN);
    };
    this.#source = source;
  }

  #close() {
    this.#source?.close();
    this.#source = null;
    for (const timer of [this.#due, this.#again]) if (timer) clearTimeout(timer);
    this.#due = this.#again = null;
  }

  /** What happened while nobody looked is asked for once. */
  #look = () => {
    if (document.hidden) return this.#close();
    this.#open();
    this.#tell();
  };

  #tell() {
    if (this.#due) return;
    const wait = Math.max(0, this.#told + PACE - Date.now());
    this.#due = setTimeout(() => {
      this.#due = null;
      this.#told = Date.now();
      for (const listener of this.#listeners) listener();
    }, wait);
  }
}

const changes = new Changes();

/** Calls `listener` whenever issues changed, until the answer is called. */
export const onChanges = (org: string, listener: Listener) => changes.listen(org, listener);
