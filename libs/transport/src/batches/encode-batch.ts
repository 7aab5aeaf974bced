import type { Delivery, OutgoingMessage, Waiting } from '../broker.port';
import { BATCH_HEADER_BYTES, BATCH_MAGIC, BATCH_VERSION, ELEMENT_HEADER_BYTES, PROPERTY } from './batch-format';

/** A message that becomes an element of a batch. */
export type ElementContent = Pick<
  OutgoingMessage,
  'body' | 'headers' | 'contentType' | 'messageId' | 'correlationId' | 'replyTo'
>;

/** The content type of the wire contract, which elements omit. */
export const DEFAULT_CONTENT_TYPE = 'text/plain';

/** An encoded element. Headers that AMQP could not carry in a header table are omitted. */
export function encodeElement(content: ElementContent): Buffer {
  const { body } = content;
  const properties = encodeProperties(content);
  const element = Buffer.allocUnsafe(ELEMENT_HEADER_BYTES + properties.length + body.length);
  element.writeUInt32BE(properties.length, 0);
  element.writeUInt32BE(body.length, 4);
  properties.copy(element, ELEMENT_HEADER_BYTES);
  body.copy(element, ELEMENT_HEADER_BYTES + properties.length);
  return element;
}

/** A delivery as an element: as it stands in its batch, also if it can't be read there; a single message is encoded. */
export function elementOf(delivery: Delivery): Buffer {
  if (delivery.fault !== undefined) return delivery.body;
  return delivery.encoded ?? encodeElement(delivery);
}

/** An encoded element with where it goes after its wait. `deliveriesIn` takes it off again. */
export function waitingElement(element: Buffer, { recipient, generation }: Waiting): Buffer {
  return withProperties(element, element.readUInt32BE(0), [property(PROPERTY.waiting, generation ?? '', recipient)]);
}

/** The element with the first `size` bytes of its properties, and these. */
export function withProperties(element: Buffer, size: number, added: readonly Buffer[] = []): Buffer {
  const bodyAt = ELEMENT_HEADER_BYTES + element.readUInt32BE(0);
  const parts = [element.subarray(0, ELEMENT_HEADER_BYTES + size), ...added, element.subarray(bodyAt)];
  const encoded = Buffer.concat(parts);
  encoded.writeUInt32BE(encoded.length - ELEMENT_HEADER_BYTES - element.readUInt32BE(4), 0);
  return encoded;
}

/** The AMQP body of a batch of encoded elements: at least one, at most 65,535. */
export function encodeBatch(elements: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(BATCH_HEADER_BYTES);
  header[0] = BATCH_MAGIC;
  header[1] = BATCH_VERSION;
  header.writeUInt16BE(elements.length, 3);
  return Buffer.concat([header, ...elements]);
}

function encodeProperties({ headers, contentType, messageId, correlationId, replyTo }: ElementContent): Buffer {
  const properties: Buffer[] = [];
  if (messageId !== undefined) properties.push(property(PROPERTY.messageId, messageId));
  if (correlationId !== undefined) properties.push(property(PROPERTY.correlationId, correlationId));
  if (replyTo !== undefined) properties.push(property(PROPERTY.replyTo, replyTo));
  if (contentType !== undefined && contentType !== DEFAULT_CONTENT_TYPE) {
    properties.push(property(PROPERTY.contentType, contentType));
  }
  for (const name in headers) {
    const header = encodeHeader(name, headers[name]);
    if (header !== undefined) properties.push(header);
  }
  return properties.length === 1 ? (properties[0] as Buffer) : Buffer.concat(properties);
}

const PROPERTY_HEADER_BYTES = 3;
const MAX_NAME_BYTES = 255;
const MAX_TEXT_BYTES = 65_000;

/** The text must fit, as the short strings of AMQP do. */
function property(kind: number, text: string, name?: string): Buffer {
  const nameBytes = name === undefined ? 0 : 1 + Buffer.byteLength(name);
  const size = nameBytes + Buffer.byteLength(text);
  const encoded = propertyOf(kind, size);
  if (name !== undefined) writeName(encoded, name);
  encoded.write(text, PROPERTY_HEADER_BYTES + nameBytes);
  return encoded;
}

function encodeHeader(name: string, value: unknown): Buffer | undefined {
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return undefined;
  if (typeof value === 'string')
    return Buffer.byteLength(value) > MAX_TEXT_BYTES ? undefined : property(PROPERTY.textHeader, value, name);
  if (typeof value === 'boolean') {
    const encoded = propertyOf(PROPERTY.booleanHeader, 1 + Buffer.byteLength(name) + 1);
    writeName(encoded, name);
    encoded.writeUInt8(value ? 1 : 0, encoded.length - 1);
    return encoded;
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const encoded = propertyOf(PROPERTY.numberHeader, 1 + Buffer.byteLength(name) + 8);
  writeName(encoded, name);
  encoded.writeDoubleBE(value, encoded.length - 8);
  return encoded;
}

function propertyOf(kind: number, size: number): Buffer {
  const encoded = Buffer.allocUnsafe(PROPERTY_HEADER_BYTES + size);
  encoded.writeUInt8(kind, 0);
  encoded.writeUInt16BE(size, 1);
  return encoded;
}

function writeName(encoded: Buffer, name: string): void {
  encoded.writeUInt8(Buffer.byteLength(name), PROPERTY_HEADER_BYTES);
  encoded.write(name, PROPERTY_HEADER_BYTES + 1);
}
