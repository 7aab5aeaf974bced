import { type Delivery, encodeBatch, encodeElement, waitingElement } from '@dbem/transport';
import { eventAround, GOLDEN_ENTITIES, GOLDEN_MESSAGES } from './golden-messages';
import { mutate } from './mutate';
import { Random } from './random';

const MAX_RANDOM_BYTES = 512;
const HEADER_NAMES = [
  'x-dbem-attempts',
  'x-dbem-first-failed-at',
  'x-dbem-last-failed-at',
  'x-dbem-failed-at',
  'x-dbem-reason-code',
  'x-dbem-reason',
  'x-dbem-stack',
  'x-dbem-parked-id',
  'x-dbem-redrives',
  'CC',
  'x-death',
  'traceparent',
] as const;

/** The input with this number. It depends on the seed and the number only. */
export function inputOf(seed: number, number: number): Delivery {
  const random = new Random(Math.imul(seed, 0x01000193) ^ Math.imul(number + 1, 0x85ebca6b));
  return {
    body: bodyOf(random),
    headers: headersOf(random),
    exchange: '',
    routingKey: '',
    redelivered: false,
    replyTo: 'reply',
    correlationId: String(number),
  };
}

/** A batch of some inputs, usually malformed. It depends on the seed and the number only. */
export function batchOf(seed: number, number: number): Buffer {
  const random = new Random(Math.imul(seed, 0x01000193) ^ Math.imul(number + 1, 0x27d4eb2f));
  const elements = Array.from({ length: 1 + random.below(5) }, (_, index) => {
    const encoded = encodeElement(inputOf(seed, number + index));
    const waits = random.below(4) === 0;
    const element = waits ? waitingElement(encoded, { recipient: 'sharing', generation: String(number) }) : encoded;
    return random.below(3) === 0 ? mutate(element, random, random.pick(GOLDEN_MESSAGES)) : element;
  });
  const batch = encodeBatch(elements);
  return random.below(3) === 0 ? mutate(batch, random, random.pick(GOLDEN_MESSAGES)) : batch;
}

function bodyOf(random: Random): Buffer {
  const other = random.pick(GOLDEN_MESSAGES);
  switch (random.below(10)) {
    case 0:
      return random.bytes(random.below(MAX_RANDOM_BYTES));
    case 1:
    case 2:
    case 3: {
      // A valid message with an invalid entity, so that the entity's codec is reached.
      const golden = random.pick(GOLDEN_ENTITIES);
      return eventAround(
        golden,
        random.pick(['CREATE', 'READ', 'UPDATE', 'DELETE']),
        mutate(golden.entity, random, other),
      );
    }
    case 4:
    case 5:
    case 6:
      return wrapped(mutate(innerOf(random.pick(GOLDEN_MESSAGES)), random, other));
    default:
      return mutate(random.pick(GOLDEN_MESSAGES), random, other);
  }
}

/** `Message.event` of a golden message: its first field, after type, id and length. */
function innerOf(message: Buffer): Buffer {
  return message[0] === 11 ? message.subarray(7, 7 + message.readInt32BE(3)) : message;
}

/** A valid `Message` around any bytes, so that the decoder reads them. */
function wrapped(inner: Buffer): Buffer {
  const head = Buffer.from([11, 0, 1, 0, 0, 0, 0]);
  head.writeInt32BE(inner.length, 3);
  return Buffer.concat([head, inner, Buffer.from([11, 0, 2, 0, 0, 0, 0, 8, 0, 3, 0, 0, 0, 8, 0])]);
}

function headersOf(random: Random): Record<string, unknown> {
  const headers: Record<string, unknown> = {};
  for (let left = random.below(4); left > 0; left -= 1) headers[random.pick(HEADER_NAMES)] = headerValue(random);
  return headers;
}

function headerValue(random: Random): unknown {
  return random.pick<() => unknown>([
    () => random.below(10),
    () => -1,
    () => Number.NaN,
    () => 1e300,
    () => 'x'.repeat(random.below(20_000)),
    () => '2026-01-01T00:00:00.000Z',
    () => '+275760-09-13T00:00:00.001Z',
    () => null,
    () => true,
    () => ['sharing.queue'],
    () => ({ deep: { er: [1, { and: 'deeper' }] } }),
    () => random.bytes(8),
  ])();
}
