/** One action at a time, with its refusal kept for the page to show. */
import { ApiError } from '$lib/api/client';

export class Attempt {
  /** What the server said to the last failed action, else null. */
  refusal = $state<string | null>(null);
  busy = $state(false);

  /** Runs `action`; true when it went through. */
  async run(action: () => Promise<unknown>): Promise<boolean> {
    this.busy = true;
    this.refusal = null;
    try {
      await action();
      return true;
    } catch (error) {
      this.refusal = error instanceof ApiError ? error.message : 'Something went wrong here.';
      return false;
    } finally {
      this.busy = false;
    }
  }
}
