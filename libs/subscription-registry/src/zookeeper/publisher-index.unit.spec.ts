import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statOf } from '../../../../test/support/doubles/zookeeper-stat';
import { decodePublisherIndex, encodePublisherIndex } from './publisher-index';
import { contentOfNode, encodeSubscriptionNode, subscriptionOf } from './subscription-node';

const subscriber = fc.oneof(fc.constantFrom('sharing', 'user.profile', '__proto__', 'constructor'), fc.string());
const content = fc.dictionary(subscriber, fc.jsonValue());
const index = fc.record({
  label: fc.string(),
  contents: fc.uniqueArray(fc.tuple(subscriber, content), { selector: ([name]) => name }),
});

describe('publisher index', () => {
  it('A publisher’s index is decoded as it was encoded, unknown fields included', () => {
    fc.assert(
      fc.property(index, ({ label, contents }) => {
        const written = Buffer.from(JSON.stringify(contents.map(([, one]) => one)));
        const kept = JSON.parse(written.toString()) as Record<string, unknown>[];
        const before = { label, contents: new Map(contents.map(([name], at) => [name, kept[at] ?? {}])) };
        expect(decodePublisherIndex(encodePublisherIndex(before))).toEqual(before);
      }),
    );
  });

  it('A publisher’s index contains the same subscription as the subscription’s node', () => {
    const subscription = {
      publisher: 'user.profile',
      subscriber: 'sharing',
      entityTypes: ['GROUP', 'TENANT'],
      heartbeats: true,
      pauses: [{ by: 'ada', sinceMs: 1 }],
      expiry: { sinceMs: 1_700_000_000_000, state: 'returned' },
      generation: '12',
    } as const;
    const content = contentOfNode({ data: encodeSubscriptionNode(subscription), stat: statOf({ czxid: 12n }) });
    const contents = new Map([['sharing', content]]);
    const read = decodePublisherIndex(encodePublisherIndex({ label: '1/2', contents }));
    expect(subscriptionOf('user.profile', 'sharing', read?.contents.get('sharing'))).toEqual(subscription);
  });

  const written = encodePublisherIndex({ label: '1/2', contents: new Map([['sharing', {}]]) }).toString();
  const changed = (change: object) => JSON.stringify({ ...JSON.parse(written), ...change });

  it.each([
    ['that is empty', ''],
    ['that is a service’s name', 'user.profile'],
    ['that is cut off', written.slice(0, -1)],
    ['that is null', 'null'],
    ['that is a list', '[]'],
    ['without a format', changed({ format: undefined })],
    ['of another format', changed({ format: 1 })],
    ['with a number as its label', changed({ label: 12 })],
    ['without contents', changed({ contents: undefined })],
    ['with null as its contents', changed({ contents: null })],
    ['with a list as its contents', changed({ contents: [] })],
    ['with null as a subscription', changed({ contents: { sharing: null } })],
    ['with a list as a subscription', changed({ contents: { sharing: ['GROUP'] } })],
    ['with a text as a subscription', changed({ contents: { sharing: 'sharing' } })],
  ])('A publisher’s index %s is not decoded', (_what, text) => {
    expect(decodePublisherIndex(Buffer.from(changed({})))).toBeDefined();
    expect(decodePublisherIndex(Buffer.from(text))).toBeUndefined();
  });

  it('Any other bytes are not decoded as a publisher’s index, and cause no error', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodePublisherIndex(Buffer.from(bytes))).toBeUndefined();
      }),
    );
  });
});
