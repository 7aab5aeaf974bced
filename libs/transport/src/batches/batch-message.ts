import type { OutgoingMessage } from '../broker.port';
import { INTAKE_EXCHANGE, INTAKE_KEY } from '../topology/topology-names';
import { BATCH_CONTENT_TYPE } from './batch-format';
import { type ElementContent, encodeBatch, encodeElement } from './encode-batch';

/** A batch of encoded elements, for this exchange or, with the default exchange, for this queue. */
export function batchMessage(
  elements: readonly Buffer[],
  exchange: string,
  routingKey: string,
  body = encodeBatch(elements),
): OutgoingMessage {
  return { exchange, routingKey, contentType: BATCH_CONTENT_TYPE, body };
}

/** A batch of one, for the managers. */
export function intakeMessage(content: ElementContent): OutgoingMessage {
  return batchMessage([encodeElement(content)], INTAKE_EXCHANGE, INTAKE_KEY);
}
