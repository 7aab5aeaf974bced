import { type Delivery, type DryRunEvent, PARKING_HEADERS } from '@dbem/transport';

/** An event that is to be tried, as if it had been delivered. */
export function deliveryOf({ body, firstFailedAt }: DryRunEvent): Delivery {
  return {
    body: Buffer.from(body, 'base64'),
    headers: firstFailedAt === undefined ? {} : { [PARKING_HEADERS.firstFailedAt]: firstFailedAt },
    exchange: '',
    routingKey: '',
    redelivered: false,
  };
}
