/** How long messages took from what they tell to whoever took them. Pure. */
import type { Delivery } from '$lib/api/types';

export interface Latency {
  /** Of so many messages. */
  count: number;
  /** In milliseconds. */
  median: number;
  slowest: number;
}

/** Of those that were taken; null when none was. A message that tells of several firings counts once. */
export function latencyOf(deliveries: Pick<Delivery, 'id' | 'latencyMillis'>[]): Latency | null {
  const times = new Map<string, number>();
  for (const { id, latencyMillis } of deliveries) {
    if (latencyMillis != null) times.set(id, latencyMillis);
  }
  const sorted = [...times.values()].sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const middle = (sorted.length - 1) / 2;
  const [low = 0, high = 0] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return { count: sorted.length, median: (low + high) / 2, slowest: sorted.at(-1) ?? 0 };
}
