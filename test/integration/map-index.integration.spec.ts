import type { Subscription } from '@dbem/db-event';
import { SILENT_LOG } from '@dbem/runtime';
import { Permission } from 'node-zookeeper-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  encodeSubscriptionNode,
  INDEX_ROOT,
  indexPath,
  publisherPath,
  subscriptionPath,
} from '../../libs/subscription-registry/src/testing';
import { expectMapOfNodesAtEachStart } from '../support/subscription-map/map-index-property';
import { MapIndexWorld, OTHERS } from '../support/subscription-map/map-index-world';
import { waitFor } from '../support/waiting/wait-for';

const NARROWED: Subscription = { publisher: 'tenant', subscriber: 'sharing', entityTypes: ['GROUP'] };
const PLAIN: Subscription = { publisher: 'tenant', subscriber: 'sharing' };

describe('the index of the subscription map in ZooKeeper', () => {
  let world: MapIndexWorld;

  beforeEach(async () => {
    world = await MapIndexWorld.start();
  });

  afterEach(() => world?.stop());

  const sharingOfFreshStart = async () =>
    (await world.mapOfFreshStart()).find(
      ({ publisher, subscriber }) => publisher === 'tenant' && subscriber === 'sharing',
    );

  it('A manager loads the map from the index instead of each subscription’s node', async () => {
    await world.createIndexed(NARROWED);
    expect(await sharingOfFreshStart()).toMatchObject(NARROWED);
    await world.falsifyIndex('tenant', { 'other-3': { entityTypes: ['TENANT'] } });
    const map = await world.mapOfFreshStart();
    expect(map).toHaveLength(OTHERS.length + 1);
    // Only the index has this.
    expect(map.filter(({ entityTypes }) => entityTypes !== undefined)).toEqual([
      { publisher: 'tenant', subscriber: 'other-3', entityTypes: ['TENANT'] },
    ]);
  });

  it('A publisher with few subscriptions has no index', async () => {
    await world.createIndexed(NARROWED);
    const registry = await world.startManager();
    await registry.put({ ...NARROWED, publisher: 'few' });
    await world.nodes.remove(indexPath('tenant'));
    await registry.put({ ...NARROWED, entityTypes: ['TENANT'] });
    await waitFor(() => world.nodes.read(indexPath('tenant')));
    expect(await world.nodes.children(INDEX_ROOT)).toEqual(['tenant']);
  });

  it('An index is ignored after a manager has changed, added or removed a subscription', async () => {
    await world.createIndexed(NARROWED);
    const index = (await world.indexText('tenant')) ?? '';
    const registry = await world.startManager();
    const changes: (() => Promise<unknown>)[] = [
      () => registry.put({ ...NARROWED, entityTypes: ['TENANT'] }),
      () => registry.update('tenant', 'sharing', (present) => ({ ...present, pauses: [{ by: 'ada', sinceMs: 1 }] })),
      () => registry.put({ ...NARROWED, subscriber: 'registry' }),
      () => registry.remove('tenant', 'other-1'),
    ];
    for (const change of changes) {
      await change();
      // As if no manager had saved a newer index yet.
      await world.nodes.write(indexPath('tenant'), index);
      expect(await world.mapOfFreshStart()).toEqual(await world.mapOfNodes());
      expect(registry.map.subscriptions()).toEqual(await world.mapOfNodes());
    }
    expect(registry.map.get('tenant', 'sharing')).toMatchObject({
      ...NARROWED,
      entityTypes: ['TENANT'],
      pauses: [{ by: 'ada', sinceMs: 1 }],
    });
    expect(registry.map.size).toBe(OTHERS.length + 1);
  });

  it('An index is saved again after a change', async () => {
    await world.createIndexed(NARROWED);
    const registry = await world.startManager();
    await registry.put({ ...NARROWED, entityTypes: ['TENANT'] });
    await waitFor(async () => (await world.indexText('tenant'))?.includes('TENANT'));
    await registry.stop();
    await world.falsifyIndex('tenant', { sharing: { heartbeats: true } });
    expect(await sharingOfFreshStart()).toMatchObject({ ...PLAIN, heartbeats: true });
  });

  it('A subscription that a legacy manager created is found in spite of an index', async () => {
    await world.createIndexed(NARROWED);
    await world.createPlain('tenant', 'legacy');
    expect(await world.mapOfFreshStart()).toContainEqual(
      expect.objectContaining({ publisher: 'tenant', subscriber: 'legacy' }),
    );
  });

  it('A subscription that was deleted by hand and created again does not get its old filter from the index', async () => {
    await world.createIndexed(NARROWED);
    await world.nodes.remove(subscriptionPath('tenant', 'sharing'));
    await world.createPlain('tenant', 'sharing');
    expect(await sharingOfFreshStart()).toStrictEqual({ ...PLAIN, generation: expect.any(String) });
  });

  it('A publisher that was deleted and created again with the same number of changes does not get its old index', async () => {
    const createTenant = async (sharing: Subscription) => {
      await world.createPublisher('tenant');
      await world.createSubscription(sharing);
      await world.nodes.write(publisherPath('tenant'), 'tenant');
      const node = await world.nodes.read(publisherPath('tenant'));
      return [node?.stat.version, node?.stat.cversion];
    };
    const before = await createTenant(NARROWED);
    await world.indexAgain('tenant');
    expect(await sharingOfFreshStart()).toMatchObject(NARROWED);
    await world.removePublisher('tenant');
    expect(await createTenant(PLAIN)).toEqual(before);
    expect(await sharingOfFreshStart()).toStrictEqual({ ...PLAIN, generation: expect.any(String) });
  });

  it('An index that can’t be parsed is ignored and replaced', async () => {
    await world.createIndexed(NARROWED);
    const complete = (await world.indexText('tenant')) ?? '';
    for (const garbage of ['', 'tenant', complete.slice(0, complete.length / 2), '[]']) {
      await world.nodes.write(indexPath('tenant'), garbage);
      const registry = await world.startManager();
      expect(registry.map.get('tenant', 'sharing')).toMatchObject(NARROWED);
      await waitFor(async () => (await world.indexText('tenant')) !== garbage);
      await registry.stop();
    }
  });

  it('An index that can’t be read or saved is reported, and no subscription is lost', async () => {
    await world.createPublisher('tenant');
    await world.nodes.create(INDEX_ROOT);
    await world.nodes.create(indexPath('tenant'), 'secret', Permission.WRITE);
    const warnings: object[] = [];
    const registry = await world.startManager({ ...SILENT_LOG, warn: (details) => warnings.push(details) });
    expect(registry.map.size).toBe(OTHERS.length);
    await waitFor(() => warnings.length > 0);
    expect(warnings[0]).toMatchObject({ err: { code: 'MAP_UNAVAILABLE' }, publishers: 1 });
    expect(await registry.put(NARROWED)).toBe('created');
    expect(await sharingOfFreshStart()).toMatchObject(NARROWED);
    await world.nodes.remove(indexPath('tenant'));
  });

  it('An index that would be too large for a node is not saved', async () => {
    await world.createPublisher('tenant');
    for (const subscriber of ['a', 'b', 'c']) {
      const node = JSON.parse(encodeSubscriptionNode({ ...NARROWED, subscriber }).toString());
      const large = { ...node, ofANewerManager: 'x'.repeat(200_000) };
      await world.nodes.create(subscriptionPath('tenant', subscriber), JSON.stringify(large));
    }
    const notes: string[] = [];
    const registry = await world.startManager({ ...SILENT_LOG, debug: (_details, message) => notes.push(message) });
    await waitFor(() => notes.includes('a publisher index is too large and is not saved'));
    expect(registry.map.get('tenant', 'b')?.entityTypes).toEqual(['GROUP']);
    expect(await world.indexText('tenant')).toBeUndefined();
  });

  it('An index is removed with its publisher', async () => {
    await world.createIndexed(NARROWED);
    const registry = await world.startManager();
    await world.removePublisher('tenant');
    await waitFor(async () => (await world.indexText('tenant')) === undefined);
    expect(registry.map.size).toBe(0);
  });

  it('A manager loads the same map as the nodes contain, whoever changed them and whenever it starts', async () => {
    await expectMapOfNodesAtEachStart(world, 8);
  });
});
