import { BATCH_CONTENT_TYPE, decodeBatch } from '@dbem/transport';
import type { Message } from 'amqplib';

/** The bodies of the events in a message: of the elements of a batch, or its own. */
export function bodiesIn({ content, properties }: Message): readonly Buffer[] {
  if (properties.contentType !== BATCH_CONTENT_TYPE) return [content];
  return decodeBatch(content).elements.map(({ body }) => body);
}
