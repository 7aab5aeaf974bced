import { ARRIVAL_HEADER, type Delivery, type DryRunEvent, PARKING_HEADERS } from '@dbem/transport';

/** The event of a dry run as a delivery. */
export function deliveryOf({ body, arrival, firstFailedAt }: DryRunEvent): Delivery {
  return {
    body: Buffer.from(body, 'base64'),
    headers: {
      ...(arrival !== undefined && { [ARRIVAL_HEADER]: arrival }),
      ...(firstFailedAt !== undefined && { [PARKING_HEADERS.firstFailedAt]: firstFailedAt }),
    },
    exchange: '',
    routingKey: '',
    redelivered: false,
  };
}
