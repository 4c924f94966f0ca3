/** Issues as they will stand when what was just decided goes through; as they stood again when it does not. */
import type { Issue } from '$lib/api/types';
import type { Assumed } from './assume';

interface Made {
  ids: Set<string>;
  what: Assumed;
}

export class Assumptions {
  #made = $state.raw<Made[]>([]);

  /** An issue as it is assumed to stand. */
  over(issue: Issue): Issue {
    return this.#made
      .filter(({ ids }) => ids.has(issue.id))
      .reduce((standing, { what }) => ({ ...standing, ...what }), issue);
  }

  /** Assumes it while `action` is under way; what `action` throws goes on. */
  async during(issues: Issue[], what: Assumed, action: () => Promise<unknown>) {
    const made = { ids: new Set(issues.map(({ id }) => id)), what };
    this.#made = [...this.#made, made];
    try {
      await action();
    } finally {
      this.#made = this.#made.filter((other) => other !== made);
    }
  }
}
