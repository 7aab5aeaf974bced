import { MANAGERS_EXCHANGE, STATUS_EXCHANGE } from '@dbem/transport';
import { rawBody } from '@dbem/transport/golevelup';
import type { MessageHandlerOptions } from '@golevelup/nestjs-rabbitmq';

/**
 * Name by which `@RabbitSubscribe` finds its options, which can't be static: each start generates a new queue name.
 */
export const STATUSES = 'statuses';

/** Older status reports are useless. */
const MESSAGE_TTL_MS = 10_000;
/** How long the broker keeps the queue of a manager that died. */
const QUEUE_EXPIRY_MS = 60_000;

export function statusSubscription(queue: string): MessageHandlerOptions {
  return {
    queue,
    queueOptions: { messageTtl: MESSAGE_TTL_MS, expires: QUEUE_EXPIRY_MS },
    bindings: [STATUS_EXCHANGE, MANAGERS_EXCHANGE].map((exchange) => ({ exchange, routingKey: '' })),
    deserializer: rawBody,
  };
}
