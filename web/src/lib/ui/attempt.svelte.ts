/** One action at a time, with its refusal kept for the page to show. */
import { ApiError } from '$lib/api/client';

export class Attempt {
  /** What the server said to the last failed action, else null. */
  refusal = $state<string | null>(null);
  /** The failure itself, for who has a better place for it than a notice. */
  failure = $state<unknown>(null);
  busy = $state(false);

  /** Runs `action`; true when it went through. */
  async run(action: () => Promise<unknown>): Promise<boolean> {
    this.busy = true;
    this.refusal = null;
    this.failure = null;
    try {
      await action();
      return true;
    } catch (error) {
      this.failure = error;
      this.refusal = error instanceof ApiError ? error.message : 'Something went wrong here.';
      return false;
    } finally {
      this.busy = false;
    }
  }
}
