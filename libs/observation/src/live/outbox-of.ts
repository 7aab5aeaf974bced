import type { InstanceReport } from '../status/instance-reports';
import { rounded } from './rounded';
import type { OutboxLevel } from './topology';

/**
 * All instances report the same outbox, at different times: the latest report counts. Undefined: no instance reports
 * one.
 */
export function outboxOf(instances: readonly InstanceReport[]): OutboxLevel | undefined {
  const reporting = instances.filter(({ status, isGone }) => status.outbox !== undefined && !isGone);
  const last = reporting.reduce<InstanceReport | undefined>(
    (latest, one) => (one.receivedAtMs >= (latest?.receivedAtMs ?? 0) ? one : latest),
    undefined,
  );
  const outbox = last?.status.outbox;
  if (outbox === undefined) return undefined;
  const publishedPerS = rounded(reporting.reduce((sum, instance) => sum + instance.publishedPerS, 0));
  return { depth: outbox.depth, oldestAgeMs: outbox.oldestAgeMs, publishedPerS, clockOffsetMs: outbox.clockOffsetMs };
}
