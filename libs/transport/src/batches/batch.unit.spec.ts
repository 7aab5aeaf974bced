import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BATCH_MAGIC, MAX_BATCH_BYTES } from './batch-format';
import { decodeBatch } from './decode-batch';
import { type ElementContent, encodeBatch, encodeElement, waitingElement, withProperties } from './encode-batch';
import { fillBatches } from './fill-batches';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const content: fc.Arbitrary<ElementContent> = fc.record(
  {
    body: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
    messageId: text,
    correlationId: text,
    replyTo: text,
    contentType: text,
    headers: fc.dictionary(
      fc.string({ maxLength: 20 }),
      fc.oneof(text, fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true })),
    ),
  },
  { requiredKeys: ['body'] },
);

const batchOf = (...contents: ElementContent[]) => encodeBatch(contents.map(encodeElement));
const ONE = { body: Buffer.from('one'), messageId: 'a:1' };
const TWO = { body: Buffer.from('two'), headers: { traceparent: '00-1-2-01', attempts: 3, 'is-late': true } };

describe('a batch', () => {
  it('A batch returns its elements with all their properties', () => {
    fc.assert(
      fc.property(fc.array(content, { minLength: 1, maxLength: 20 }), (contents) => {
        const { elements, unreadable } = decodeBatch(batchOf(...contents));
        expect(unreadable).toEqual([]);
        const expected = contents.map((each) => ({ contentType: 'text/plain', ...each, headers: each.headers ?? {} }));
        expect(elements.map(({ encoded: _, ...element }) => element)).toEqual(expected);
      }),
    );
  });

  it('Elements cut out of batches and put into another one are equal to their originals byte for byte', () => {
    fc.assert(
      fc.property(fc.array(content, { minLength: 1, maxLength: 20 }), (contents) => {
        const { elements } = decodeBatch(batchOf(...contents));
        const chosen = elements.filter((_, index) => index % 2 === 0).map(({ encoded }) => encoded);
        expect(encodeBatch(chosen)).toEqual(batchOf(...contents.filter((_, index) => index % 2 === 0)));
      }),
    );
  });

  it('A waiting element returns what it waits for, and without it is equal to its original byte for byte', () => {
    const waiting = fc.record({ recipient: text, generation: fc.constantFrom(undefined, '17') });
    fc.assert(
      fc.property(content, waiting, (each, waiting) => {
        const { elements } = decodeBatch(encodeBatch([waitingElement(encodeElement(each), waiting)]));
        expect(elements).toMatchObject([{ body: each.body, encoded: encodeElement(each), waiting }]);
      }),
    );
  });

  it('An element with properties after what it waits for is unreadable: taken off, it would take them with it', () => {
    const waiting = waitingElement(encodeElement({ body: ONE.body }), { recipient: 'sharing' });
    const properties = encodeElement({ body: Buffer.alloc(0), messageId: 'a:1' }).subarray(8);
    const element = withProperties(waiting, waiting.readUInt32BE(0), [properties]);
    const { elements, unreadable } = decodeBatch(encodeBatch([encodeElement(TWO), element]));
    expect(elements).toMatchObject([{ body: TWO.body }]);
    expect(unreadable).toMatchObject([{ bytes: element, error: { code: 'BATCH_MALFORMED' } }]);
  });

  it('A batch begins with a byte that begins no Thrift struct, and names its version', () => {
    expect([...batchOf(ONE).subarray(0, 3)]).toEqual([BATCH_MAGIC, 1, 0]);
    expect(BATCH_MAGIC).toBeGreaterThan(16);
  });

  it.each([
    ['another first byte', (batch: Buffer) => batch.fill(0x0b, 0, 1), 'does not begin as a batch'],
    ['another version', (batch: Buffer) => batch.fill(2, 1, 2), 'format version 2'],
    ['an unknown flag', (batch: Buffer) => batch.fill(1, 2, 3), 'flags 1'],
    ['no elements', (batch: Buffer) => batch.fill(0, 3, 5), 'no elements'],
    ['four bytes', (batch: Buffer) => batch.subarray(0, 4), 'does not begin as a batch'],
  ])('A batch with %s is unreadable as a whole', (_what, corrupt, reason) => {
    const corrupted = corrupt(batchOf(ONE, TWO));
    const { elements, unreadable } = decodeBatch(corrupted);
    expect(elements).toEqual([]);
    expect(unreadable).toEqual([{ bytes: corrupted, error: expect.objectContaining({ code: 'BATCH_MALFORMED' }) }]);
    expect(unreadable[0]?.error.message).toContain(reason);
  });

  it('An element with malformed properties is unreadable, and its neighbours are not', () => {
    const batch = batchOf(ONE, TWO, ONE);
    const second = encodeElement(TWO);
    const at = batch.indexOf(second);
    // The size of the first property.
    batch.writeUInt16BE(60_000, at + 9);
    const { elements, unreadable } = decodeBatch(batch);
    expect(elements.map(({ body }) => body.toString())).toEqual(['one', 'one']);
    expect(unreadable.map(({ bytes }) => bytes)).toEqual([batch.subarray(at, at + second.length)]);
  });

  it('What follows a wrong size is unreadable, and the elements before it are not', () => {
    const batch = batchOf(ONE, TWO, ONE);
    const at = batch.indexOf(encodeElement(TWO));
    batch.writeUInt32BE(1e9, at + 4);
    const { elements, unreadable } = decodeBatch(batch);
    expect(elements.map(({ body }) => body.toString())).toEqual(['one']);
    expect(unreadable.map(({ bytes }) => bytes)).toEqual([batch.subarray(at)]);
  });

  it('Bytes behind the last element are unreadable, and the elements are not', () => {
    const { elements, unreadable } = decodeBatch(Buffer.concat([batchOf(ONE), Buffer.from('more')]));
    expect(elements).toHaveLength(1);
    expect(unreadable.map(({ bytes }) => bytes.toString())).toEqual(['more']);
  });

  it('A property of an unknown kind is skipped', () => {
    const element = encodeElement({ ...ONE, messageId: undefined, headers: { later: true } });
    for (const kind of [9, 99]) {
      element[8] = kind;
      const { elements } = decodeBatch(encodeBatch([element]));
      expect(elements).toMatchObject([{ body: ONE.body, headers: {} }]);
    }
  });

  it('A header named __proto__ is a header like any other', () => {
    const headers = Object.fromEntries([['__proto__', 'x']]);
    const [element] = decodeBatch(batchOf({ ...ONE, headers })).elements;
    expect(Object.entries(element?.headers ?? {})).toEqual([['__proto__', 'x']]);
  });

  it('Headers that AMQP could not carry are omitted', () => {
    const headers = { ['n'.repeat(300)]: 'x', long: 'x'.repeat(70_000), table: {}, infinite: Number.POSITIVE_INFINITY };
    expect(decodeBatch(batchOf({ ...ONE, headers })).elements[0]?.headers).toEqual({});
  });
});

describe('fillBatches', () => {
  const sized = (...sizes: number[]) => sizes.map((size) => Buffer.alloc(size));

  it('Batches are filled up to 500 elements', () => {
    expect(fillBatches(sized(...Array.from({ length: 1_001 }, () => 10))).map(({ length }) => length)).toEqual([
      500, 500, 1,
    ]);
  });

  it('Batches are filled up to 1 MiB, and a larger element is a batch of its own', () => {
    const half = MAX_BATCH_BYTES / 2;
    const batches = fillBatches(sized(half, half, half, 15e6, 10));
    expect(batches.map((batch) => batch.map(({ length }) => length))).toEqual([[half, half], [half], [15e6], [10]]);
  });

  it('No elements make no batch', () => {
    expect(fillBatches([])).toEqual([]);
  });
});
