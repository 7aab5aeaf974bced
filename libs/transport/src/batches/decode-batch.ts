import { DbEventError } from '@dbem/db-event';
import type { Waiting } from '../broker.port';
import { NO_HEADERS } from '../republishable';
import { BATCH_HEADER_BYTES, BATCH_MAGIC, BATCH_VERSION, ELEMENT_HEADER_BYTES, PROPERTY } from './batch-format';
import { DEFAULT_CONTENT_TYPE, type ElementContent, withProperties } from './encode-batch';

/** An element of a batch. Buffers are views of the batch. */
export interface Element extends ElementContent {
  readonly headers: Readonly<Record<string, unknown>>;
  /** The element as it stands in the batch, but for `waiting`, to be put into another one. */
  readonly encoded: Buffer;
  readonly waiting: Waiting | undefined;
}

/** A part of a batch that can't be read, and why. */
export interface UnreadablePart {
  readonly bytes: Buffer;
  readonly error: DbEventError;
}

export interface DecodedBatch {
  readonly elements: readonly Element[];
  /** An element whose properties are malformed; or the rest of the batch, from the first size that can't be right. */
  readonly unreadable: readonly UnreadablePart[];
}

/** Decodes a batch. Never throws: what can't be read is in `unreadable`, and does not affect the elements beside it. */
export function decodeBatch(batch: Buffer): DecodedBatch {
  const fault = headerFault(batch);
  if (fault !== undefined) return { elements: [], unreadable: [unreadablePart(batch, fault)] };
  const elements: Element[] = [];
  const unreadable: UnreadablePart[] = [];
  let offset = BATCH_HEADER_BYTES;
  for (let left = batch.readUInt16BE(3); left > 0; left -= 1) {
    const end = endOfElement(batch, offset);
    if (end === undefined) {
      unreadable.push(unreadablePart(batch.subarray(offset), `${left} elements are truncated`));
      return { elements, unreadable };
    }
    const encoded = batch.subarray(offset, end);
    const element = decodeElement(encoded);
    if (element === undefined) unreadable.push(unreadablePart(encoded, 'the properties of an element are malformed'));
    else elements.push(element);
    offset = end;
  }
  if (offset < batch.length) unreadable.push(unreadablePart(batch.subarray(offset), 'bytes follow the last element'));
  return { elements, unreadable };
}

function headerFault(batch: Buffer): string | undefined {
  if (batch.length < BATCH_HEADER_BYTES || batch[0] !== BATCH_MAGIC) return 'it does not begin as a batch';
  if (batch[1] !== BATCH_VERSION) return `format version ${batch[1]} is not supported`;
  if (batch[2] !== 0) return `flags ${batch[2]} are not supported`;
  return batch.readUInt16BE(3) === 0 ? 'it has no elements' : undefined;
}

function endOfElement(batch: Buffer, offset: number): number | undefined {
  if (offset + ELEMENT_HEADER_BYTES > batch.length) return undefined;
  const end = offset + ELEMENT_HEADER_BYTES + batch.readUInt32BE(offset) + batch.readUInt32BE(offset + 4);
  return end > batch.length ? undefined : end;
}

/** All fields from the beginning, so that V8 gives every element the same shape. */
type Decoded = { -readonly [Name in keyof Required<Element>]: Element[Name] };

/** Undefined: its properties are malformed. */
function decodeElement(encoded: Buffer): Element | undefined {
  const bodyAt = ELEMENT_HEADER_BYTES + encoded.readUInt32BE(0);
  const element: Decoded = {
    body: encoded.subarray(bodyAt),
    encoded,
    headers: NO_HEADERS,
    contentType: DEFAULT_CONTENT_TYPE,
    messageId: undefined,
    correlationId: undefined,
    replyTo: undefined,
    waiting: undefined,
  };
  let headers: Record<string, unknown> | undefined;
  let offset = ELEMENT_HEADER_BYTES;
  while (offset < bodyAt) {
    const valueAt = offset + 3;
    if (valueAt > bodyAt) return undefined;
    const kind = encoded[offset] as number;
    const end = valueAt + encoded.readUInt16BE(offset + 1);
    if (end > bodyAt) return undefined;
    if (kind >= PROPERTY.textHeader) {
      headers ??= {};
      if (!readHeader(kind, encoded.subarray(valueAt, end), headers)) return undefined;
    } else if (kind === PROPERTY.waiting) {
      // What followed would be lost with it.
      if (end !== bodyAt) return undefined;
      element.waiting = readWaiting(encoded.subarray(valueAt, end));
      if (element.waiting === undefined) return undefined;
      element.encoded = withProperties(encoded, offset - ELEMENT_HEADER_BYTES);
    } else {
      readText(kind, encoded, valueAt, end, element);
    }
    offset = end;
  }
  if (headers !== undefined) element.headers = headers;
  return element;
}

function readText(kind: number, encoded: Buffer, start: number, end: number, element: Decoded): void {
  if (kind === PROPERTY.messageId) element.messageId = encoded.toString('utf8', start, end);
  else if (kind === PROPERTY.correlationId) element.correlationId = encoded.toString('utf8', start, end);
  else if (kind === PROPERTY.replyTo) element.replyTo = encoded.toString('utf8', start, end);
  else if (kind === PROPERTY.contentType) element.contentType = encoded.toString('utf8', start, end);
}

/** Undefined: it is malformed. */
function readWaiting(value: Buffer): Waiting | undefined {
  const nameEnd = endOfName(value);
  if (nameEnd === undefined) return undefined;
  const recipient = value.toString('utf8', 1, nameEnd);
  return { recipient, generation: nameEnd < value.length ? value.toString('utf8', nameEnd) : undefined };
}

/** @returns false if the header is malformed. */
function readHeader(kind: number, value: Buffer, headers: Record<string, unknown>): boolean {
  if (kind > PROPERTY.booleanHeader) return true;
  const nameEnd = endOfName(value);
  if (nameEnd === undefined) return false;
  const name = value.toString('utf8', 1, nameEnd);
  const size = value.length - nameEnd;
  // Not by assignment: a publisher may name a header "__proto__".
  const set = (read: unknown) =>
    Object.defineProperty(headers, name, { value: read, enumerable: true, configurable: true, writable: true });
  if (kind === PROPERTY.textHeader) set(value.toString('utf8', nameEnd));
  else if (kind === PROPERTY.numberHeader && size === 8) set(value.readDoubleBE(nameEnd));
  else if (kind === PROPERTY.booleanHeader && size === 1) set(value[nameEnd] === 1);
  else return false;
  return true;
}

/** Undefined: the value is shorter than its name. */
function endOfName(value: Buffer): number | undefined {
  const end = 1 + (value[0] ?? 0);
  return end > value.length ? undefined : end;
}

function unreadablePart(bytes: Buffer, fault: string): UnreadablePart {
  return { bytes, error: new DbEventError('BATCH_MALFORMED', `A batch can't be read: ${fault}`) };
}
