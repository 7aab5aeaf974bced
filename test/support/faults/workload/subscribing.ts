import { DbEventError } from '@dbem/db-event';
import { decodeReply, encodeSubscriptionRequest, type Reply, type SubscriptionRequest } from '@dbem/entity-codec';
import { BATCH_VERSION, type Broker, intakeMessage } from '@dbem/transport';
import { waitFor } from '../../waiting/wait-for';

/** Subscribes to profile's users or unsubscribes, as a service does; resolves with the reply. */
async function askFor(broker: Broker, action: SubscriptionRequest['action'], subscriber: string): Promise<Reply> {
  const request = { action, publisher: 'user.profile', subscriber, declareQueue: true, messageFormat: BATCH_VERSION };
  const message = intakeMessage({ body: encodeSubscriptionRequest(request) });
  const { body: answer } = await broker.request(message, { timeoutMs: 40_000 });
  return decodeReply(answer);
}

/** Repeats the request until it is accepted, as services do: retries after a timeout or a retryable rejection. */
export async function requestUntilAccepted(
  broker: Broker,
  action: SubscriptionRequest['action'],
  subscriber: string,
): Promise<void> {
  await waitFor(
    async () => {
      const reply = await askFor(broker, action, subscriber).catch((error: unknown) => {
        if (error instanceof DbEventError && error.retryable) return undefined;
        throw error;
      });
      if (reply === undefined) return false;
      if (reply.status === 'REJECTED' && !reply.retryable) throw new Error(`${reply.code}: ${reply.reason}`);
      return reply.status === 'ACCEPTED';
    },
    { timeoutMs: 240_000, what: `${action} of ${subscriber} to be accepted` },
  );
}
