import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePublisherIndex, encodePublisherIndex } from './publisher-index';
import { contentOfNode, encodeSubscriptionNode, subscriptionOf } from './subscription-node';

const subscriber = fc.oneof(fc.constantFrom('sharing', 'user.profile', '__proto__', 'constructor'), fc.string());
const content = fc.dictionary(subscriber, fc.jsonValue());
const index = fc.record({
  label: fc.string(),
  contents: fc.uniqueArray(fc.tuple(subscriber, content), { selector: ([name]) => name }),
});

describe('the index of a publisher', () => {
  it('comes back as it was written, also what this manager knows nothing of', () => {
    fc.assert(
      fc.property(index, ({ label, contents }) => {
        const written = Buffer.from(JSON.stringify(contents.map(([, one]) => one)));
        const kept = JSON.parse(written.toString()) as Record<string, unknown>[];
        const before = { label, contents: new Map(contents.map(([name], at) => [name, kept[at] ?? {}])) };
        expect(decodePublisherIndex(encodePublisherIndex(before))).toEqual(before);
      }),
    );
  });

  it('says of a subscription what its node says', () => {
    const subscription = {
      publisher: 'user.profile',
      subscriber: 'sharing',
      entityTypes: ['GROUP', 'TENANT'],
      heartbeats: true,
      delivery: 'paused',
      lapse: { sinceMs: 1_700_000_000_000, state: 'returned' },
    } as const;
    const said = contentOfNode(encodeSubscriptionNode(subscription)) ?? {};
    const contents = new Map([['sharing', said]]);
    const read = decodePublisherIndex(encodePublisherIndex({ label: '1/2', contents }));
    expect(subscriptionOf('user.profile', 'sharing', read?.contents.get('sharing'))).toEqual(subscription);
  });

  it.each([
    '',
    'user.profile',
    '{"format":1,"label":"1/2","contents":{}',
    'null',
    '[]',
    '{"label":"1/2","contents":{}}',
    '{"format":2,"label":"1/2","contents":{}}',
    '{"format":1,"label":12,"contents":{}}',
    '{"format":1,"label":"1/2"}',
    '{"format":1,"label":"1/2","contents":null}',
    '{"format":1,"label":"1/2","contents":[]}',
    '{"format":1,"label":"1/2","contents":{"sharing":null}}',
    '{"format":1,"label":"1/2","contents":{"sharing":["GROUP"]}}',
    '{"format":1,"label":"1/2","contents":{"sharing":"sharing"}}',
  ])('is none if it is %j', (text) => {
    expect(decodePublisherIndex(Buffer.from(text))).toBeUndefined();
  });

  it('is none, and no error, whatever bytes it is', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodePublisherIndex(Buffer.from(bytes))).toBeUndefined();
      }),
    );
  });
});
