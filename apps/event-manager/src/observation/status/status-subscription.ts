import { MANAGERS_EXCHANGE, STATUS_EXCHANGE } from '@dbem/transport';
import { rawBody } from '@dbem/transport/golevelup';
import type { MessageHandlerOptions } from '@golevelup/nestjs-rabbitmq';

/** By this name `@RabbitSubscribe` finds its options: they hold the queue's name, which is drawn at each start. */
export const STATUSES = 'statuses';

/** What has waited so long is not worth hearing any more. */
const MESSAGE_TTL_MS = 10_000;
/** How long the queue outlives its manager. */
const QUEUE_EXPIRY_MS = 60_000;

export function statusSubscription(queue: string): MessageHandlerOptions {
  return {
    queue,
    queueOptions: { messageTtl: MESSAGE_TTL_MS, expires: QUEUE_EXPIRY_MS },
    bindings: [STATUS_EXCHANGE, MANAGERS_EXCHANGE].map((exchange) => ({ exchange, routingKey: '' })),
    deserializer: rawBody,
  };
}
