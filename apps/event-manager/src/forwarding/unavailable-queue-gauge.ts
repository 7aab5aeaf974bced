import type { UnavailableQueues } from '@dbem/observation';
import { Gauge, type Registry } from 'prom-client';

/** Adds a gauge with a series per queue to which this manager can't forward events. */
export function addUnavailableQueueGauge(metrics: Registry, queues: Pick<UnavailableQueues, 'unavailable'>): void {
  new Gauge({
    name: 'dbem_queue_unavailable',
    help: 'Seconds for which a queue has taken no events from this manager. No series while it takes them.',
    labelNames: ['queue', 'cause'],
    registers: [metrics],
    collect() {
      this.reset();
      for (const { queue, cause, sinceMs } of queues.unavailable) {
        this.set({ queue, cause }, Math.max(Date.now() - sinceMs, 1) / 1_000);
      }
    },
  });
}
