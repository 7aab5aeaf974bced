import type { Broker } from '../broker.port';
import { INTAKE_EXCHANGE, INTAKE_KEY } from '../topology/topology-names';
import { batchMessage } from './batch-message';
import { type ElementContent, encodeElement } from './encode-batch';
import { fillBatches } from './fill-batches';

/**
 * Publishes events to the managers, in as few batches as possible. Resolves with the outcome of each event, in their
 * order: undefined if the broker has confirmed it, else the error of `Broker.publish`. An event whose outcome is an
 * error may have arrived, unless it is MESSAGE_UNROUTABLE.
 */
export async function publishEvents(broker: Broker, events: readonly ElementContent[]): Promise<readonly unknown[]> {
  const batches = fillBatches(events.map(encodeElement));
  const outcomes = await Promise.all(
    batches.map(async (elements) => {
      const outcome: unknown = await broker
        .publish(batchMessage(elements, INTAKE_EXCHANGE, INTAKE_KEY))
        .catch((error: unknown) => error);
      return elements.map(() => outcome);
    }),
  );
  return outcomes.flat();
}

/** As `publishEvents`, but rejects with the first error if an event is not confirmed. Some may have arrived. */
export async function publishAllEvents(broker: Broker, events: readonly ElementContent[]): Promise<void> {
  const failed = (await publishEvents(broker, events)).find((outcome) => outcome !== undefined);
  if (failed !== undefined) throw failed;
}
