import type { SubscriptionMap } from '@dbem/db-event';
import { SILENT_LOG } from '@dbem/runtime';
import type { ZooKeeperSession } from '@dbem/zookeeper';
import { describe, expect, it, vi } from 'vitest';
import { standIn } from '../../../../test/support/doubles/stand-in';
import { statOf } from '../../../../test/support/doubles/zookeeper-stat';
import { MapIndex } from './map-index';
import { MapMirror } from './map-mirror';
import { labelOf, type PublisherIndex } from './publisher-index';
import { encodeSubscriptionNode } from './subscription-node';

const SUBSCRIBERS = Array.from({ length: 10 }, (_, index) => `s${index}`);
const NARROWED = encodeSubscriptionNode({ publisher: 'tenant', subscriber: 's0', entityTypes: ['GROUP'] });

/** One publisher, whose node changes as soon as the last of its subscriptions is read. */
function changingStore(meanwhile: { isGone: boolean }) {
  let zxid = 1n;
  const stat = () => statOf({ mzxid: zxid });
  const session = standIn<ZooKeeperSession>({
    getFamily: async () => ({ children: SUBSCRIBERS, stat: stat() }),
    getChildren: async () => ['tenant'],
    getData: async (path: string) => {
      if (path.endsWith('/s9')) {
        zxid += 1n;
        if (meanwhile.isGone) return undefined;
      }
      return { data: path.endsWith('/s0') ? NARROWED : Buffer.from('plain'), stat: stat() };
    },
  });
  return { session, label: () => labelOf(stat()) };
}

async function mirrored({ session }: { session: ZooKeeperSession }) {
  const offers: PublisherIndex[] = [];
  const index = new MapIndex(session, SILENT_LOG);
  vi.spyOn(index, 'offer').mockImplementation((_publisher, offered) => void offers.push(offered));
  let map: SubscriptionMap | undefined;
  await new Promise<void>((resolve) => {
    const events = {
      onMap: (read: SubscriptionMap) => {
        map = read;
      },
      onRevision: async () => resolve(),
    };
    new MapMirror(session, index, events, SILENT_LOG).reread();
  });
  return { map, offers };
}

describe('MapMirror', () => {
  it('The map mirror labels an index with the state before the read, even after a concurrent change', async () => {
    const store = changingStore({ isGone: false });
    const label = store.label();
    const { map, offers } = await mirrored(store);
    expect(map?.size).toBe(SUBSCRIBERS.length);
    expect(offers).toEqual([{ label, contents: expect.any(Map) }]);
    expect(Object.fromEntries(offers[0]?.contents ?? [])).toMatchObject({
      s0: { entityTypes: ['GROUP'], generation: '1' },
      s9: { generation: '1' },
    });
    expect(store.label()).not.toBe(label);
  });

  it('The map mirror offers no index of a publisher if a subscription was removed during the read', async () => {
    const { map, offers } = await mirrored(changingStore({ isGone: true }));
    expect(map?.size).toBe(SUBSCRIBERS.length - 1);
    expect(offers).toEqual([]);
  });
});
