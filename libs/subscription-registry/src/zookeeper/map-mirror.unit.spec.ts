import type { SubscriptionMap } from '@dbem/db-event';
import { SILENT_LOG } from '@dbem/platform';
import { describe, expect, it } from 'vitest';
import type { MapIndex } from './map-index';
import { MapMirror } from './map-mirror';
import { labelOf, type PublisherIndex } from './publisher-index';
import type { ZooKeeperSession } from './zookeeper-session';

const SUBSCRIBERS = Array.from({ length: 10 }, (_, index) => `s${index}`);
const NARROWED = JSON.stringify({ subscriber: 's0', entityTypes: ['GROUP'] });

/** One publisher, whose node changes as soon as the last of its subscriptions is read. */
function changingStore(meanwhile: { isGone: boolean }) {
  let zxid = 1n;
  const stat = () => ({ mzxid: longOf(zxid), pzxid: longOf(1n) });
  const session = {
    getFamily: async () => ({ children: SUBSCRIBERS, stat: stat() }),
    getChildren: async () => ['tenant'],
    getData: async (path: string) => {
      if (path.endsWith('/s9')) {
        zxid += 1n;
        if (meanwhile.isGone) return undefined;
      }
      return { data: Buffer.from(path.endsWith('/s0') ? NARROWED : 'plain'), stat: stat() };
    },
  };
  return {
    session: session as unknown as ZooKeeperSession,
    label: () => labelOf(stat() as Parameters<typeof labelOf>[0]),
  };
}

async function mirrored({ session }: { session: ZooKeeperSession }) {
  const offers: PublisherIndex[] = [];
  const index = {
    contentsOf: async () => undefined,
    offer: (_publisher: string, offered: PublisherIndex) => offers.push(offered),
  };
  let map: SubscriptionMap | undefined;
  await new Promise<void>((resolve) => {
    const events = {
      onMap: (read: SubscriptionMap) => {
        map = read;
      },
      onRevision: async () => resolve(),
    };
    new MapMirror(session, index as unknown as MapIndex, events, SILENT_LOG).readAnew();
  });
  return { map, offers };
}

describe('MapMirror', () => {
  it('says of what it has read that it was so before it was read, whatever has changed meanwhile', async () => {
    const store = changingStore({ isGone: false });
    const label = store.label();
    const { map, offers } = await mirrored(store);
    expect(map?.size).toBe(SUBSCRIBERS.length);
    expect(offers).toEqual([{ label, contents: new Map([['s0', { entityTypes: ['GROUP'] }]]) }]);
    expect(store.label()).not.toBe(label);
  });

  it('offers no index of a publisher of which a subscription went while it was read', async () => {
    const { map, offers } = await mirrored(changingStore({ isGone: true }));
    expect(map?.size).toBe(SUBSCRIBERS.length - 1);
    expect(offers).toEqual([]);
  });
});

function longOf(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}
