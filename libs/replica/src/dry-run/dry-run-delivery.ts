import { type Delivery, type DryRunEvent, PARKING_HEADERS } from '@dbem/transport';

/** The event of a dry run as a delivery. */
export function deliveryOf({ body, firstFailedAt }: DryRunEvent): Delivery {
  return {
    body: Buffer.from(body, 'base64'),
    headers: firstFailedAt === undefined ? {} : { [PARKING_HEADERS.firstFailedAt]: firstFailedAt },
    exchange: '',
    routingKey: '',
    redelivered: false,
  };
}
