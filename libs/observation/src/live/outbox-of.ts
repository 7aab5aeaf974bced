import type { InstanceReport } from '../status/instance-reports';
import { rounded } from './rounded';
import type { OutboxLevel } from './topology';

/** All instances see the same outbox, each at its own time: the one received last counts. Undefined: none speaks of one. */
export function outboxOf(instances: readonly InstanceReport[]): OutboxLevel | undefined {
  const speaking = instances.filter(({ status, isGone }) => status.outbox !== undefined && !isGone);
  const last = speaking.reduce<InstanceReport | undefined>(
    (latest, one) => (one.receivedAtMs >= (latest?.receivedAtMs ?? 0) ? one : latest),
    undefined,
  );
  const outbox = last?.status.outbox;
  if (outbox === undefined) return undefined;
  const publishedPerS = rounded(speaking.reduce((sum, instance) => sum + instance.publishedPerS, 0));
  return { depth: outbox.depth, oldestAgeMs: outbox.oldestAgeMs, publishedPerS, clockOffsetMs: outbox.clockOffsetMs };
}
