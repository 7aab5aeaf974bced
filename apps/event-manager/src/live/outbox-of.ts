import type { HeardInstance } from '../status/heard-services';
import type { OutboxLevel } from './topology';

/** All instances see the same outbox, each at its own time: the one heard last counts. Undefined: none speaks of one. */
export function outboxOf(instances: readonly HeardInstance[]): OutboxLevel | undefined {
  const speaking = instances.filter(({ status, isGone }) => status.outbox !== undefined && !isGone);
  const last = speaking.reduce<HeardInstance | undefined>(
    (latest, one) => (one.heardAtMs >= (latest?.heardAtMs ?? 0) ? one : latest),
    undefined,
  );
  const outbox = last?.status.outbox;
  if (outbox === undefined) return undefined;
  const publishedPerS = rateOf(speaking.reduce((sum, instance) => sum + instance.publishedPerS, 0));
  return { depth: outbox.depth, oldestAgeMs: outbox.oldestAgeMs, publishedPerS, clockOffsetMs: outbox.clockOffsetMs };
}

/** Two digits are enough for people, and what hardly changes need not be told again. */
export function rateOf(value: number): number {
  return Number(value.toPrecision(2));
}
