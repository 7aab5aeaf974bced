import { ENTITY_TYPES, type Subscription } from '@dbem/db-event';
import { type Log, SILENT_LOG } from '@dbem/platform';
import { ZooKeeperSubscriptionRegistry } from '@dbem/subscription-registry';
import fc from 'fast-check';
import { ACL, Exception, Id, Permission, type Stat } from 'node-zookeeper-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FreshZooKeeperRoot, freshZooKeeperRoot, waitFor } from '../support';

const MAP = '/db-event-mgr';
const INDEX = '/db-event-mgr-index';
const NARROWED: Subscription = { publisher: 'tenant', subscriber: 'sharing', entityTypes: ['GROUP'] };
const PLAIN: Subscription = { publisher: 'tenant', subscriber: 'sharing' };
const EVERYBODY = new Id('world', 'anyone');
/** So many that an index is worth it. */
const OTHERS = Array.from({ length: 10 }, (_, index) => `other-${index}`);

describe('the index of the map in ZooKeeper', () => {
  let root: FreshZooKeeperRoot;
  const registries: ZooKeeperSubscriptionRegistry[] = [];

  beforeEach(async () => {
    root = await freshZooKeeperRoot();
  });

  afterEach(async () => {
    await stopAll();
    await root.drop();
  });

  async function started(log: Log = SILENT_LOG): Promise<ZooKeeperSubscriptionRegistry> {
    const registry = new ZooKeeperSubscriptionRegistry({ connectString: root.connectString, indexPauseMs: 2, log });
    registries.push(registry);
    await registry.start();
    await registry.loaded();
    return registry;
  }

  async function stopAll(): Promise<void> {
    await Promise.all(registries.splice(0).map((registry) => registry.stop()));
  }

  /** What a manager routes by that has just started. */
  async function mapOfFreshStart(): Promise<readonly Subscription[]> {
    const registry = await started();
    const subscriptions = registry.map.subscriptions();
    await registry.stop();
    return subscriptions;
  }

  const sharingOfFreshStart = async () =>
    (await mapOfFreshStart()).find(({ publisher, subscriber }) => publisher === 'tenant' && subscriber === 'sharing');

  const create = (path: string, data: string, permission = Permission.ALL) =>
    done<string>((callback) => root.client.create(path, Buffer.from(data), [new ACL(permission, EVERYBODY)], callback));
  const read = async (path: string) => (await readWithStat(path))?.data;
  const readWithStat = (path: string) =>
    new Promise<{ data: string; stat: Stat } | undefined>((resolve, reject) => {
      root.client.getData(path, (error, data, stat) => {
        if (error instanceof Exception && error.getCode() === Exception.NO_NODE) resolve(undefined);
        else if (error) reject(error);
        else resolve({ data: data?.toString() ?? '', stat });
      });
    });
  const write = (path: string, data: string) =>
    done<Stat>((callback) => root.client.setData(path, Buffer.from(data), callback));
  const remove = (path: string) =>
    done<undefined>((callback) => root.client.remove(path, (error) => callback(error, undefined)));
  const children = (path: string) => done<string[]>((callback) => root.client.getChildren(path, callback));
  /** As the Java manager does it, or somebody by hand. */
  const createPlain = (publisher: string, subscriber: string) =>
    create(`${MAP}/${publisher}/${subscriber}`, subscriber);

  async function createPublisher(publisher: string): Promise<void> {
    await create(`${MAP}/${publisher}`, publisher);
    for (const subscriber of OTHERS) await createPlain(publisher, subscriber);
  }

  async function removePublisher(publisher: string): Promise<void> {
    for (const subscriber of await children(`${MAP}/${publisher}`)) await remove(`${MAP}/${publisher}/${subscriber}`);
    await remove(`${MAP}/${publisher}`);
  }

  /** An index of the map as it is, by a manager that has run and stopped; all that was one before is gone. */
  async function indexAnew(publishers: readonly string[] = ['tenant']): Promise<void> {
    await stopAll();
    for (const publisher of publishers) if (await read(`${INDEX}/${publisher}`)) await remove(`${INDEX}/${publisher}`);
    const registry = await started();
    for (const publisher of publishers) await waitFor(() => read(`${INDEX}/${publisher}`));
    await registry.stop();
  }

  /** Changes what the index says, and leaves what it says that it is true of. */
  async function falsify(contents: object): Promise<void> {
    const index = JSON.parse((await read(`${INDEX}/tenant`)) ?? '');
    await write(`${INDEX}/tenant`, JSON.stringify({ ...index, contents }));
  }

  /** `tenant` with many subscriptions, one of them narrowed, and an index. */
  async function indexed(): Promise<void> {
    await create(MAP, '');
    await createPublisher('tenant');
    const registry = await started();
    await registry.put(NARROWED);
    await indexAnew();
  }

  /** What a full read gives, by a reader of the test's own. */
  async function mapOfNodes(): Promise<Subscription[]> {
    const subscriptions: Subscription[] = [];
    for (const publisher of (await children(MAP)).sort()) {
      for (const subscriber of (await children(`${MAP}/${publisher}`)).sort()) {
        const text = (await read(`${MAP}/${publisher}/${subscriber}`)) ?? '';
        subscriptions.push({ publisher, subscriber, ...(text.startsWith('{') && JSON.parse(text)) });
      }
    }
    return subscriptions;
  }

  it('is what a manager starts from, instead of each subscription’s node', async () => {
    await indexed();
    expect(await sharingOfFreshStart()).toEqual(NARROWED);
    await falsify({ 'other-3': { entityTypes: ['TENANT'] } });
    const map = await mapOfFreshStart();
    expect(map).toHaveLength(OTHERS.length + 1);
    // Nothing but the index says so.
    expect(map.filter(({ entityTypes }) => entityTypes !== undefined)).toEqual([
      { publisher: 'tenant', subscriber: 'other-3', entityTypes: ['TENANT'] },
    ]);
  });

  it('says nothing of a publisher with few subscriptions', async () => {
    await indexed();
    const registry = await started();
    await registry.put({ ...NARROWED, publisher: 'few' });
    await remove(`${INDEX}/tenant`);
    await registry.put({ ...NARROWED, entityTypes: ['TENANT'] });
    await waitFor(() => read(`${INDEX}/tenant`));
    expect(await children(INDEX)).toEqual(['tenant']);
  });

  it('is passed over as soon as a manager has changed a subscription, made or removed one', async () => {
    await indexed();
    const index = (await read(`${INDEX}/tenant`)) ?? '';
    const registry = await started();
    const changes: (() => Promise<unknown>)[] = [
      () => registry.put({ ...NARROWED, entityTypes: ['TENANT'] }),
      () => registry.update('tenant', 'sharing', (present) => ({ ...present, delivery: 'paused' })),
      () => registry.put({ ...NARROWED, subscriber: 'registry' }),
      () => registry.remove('tenant', 'other-1'),
    ];
    for (const change of changes) {
      await change();
      // As if nobody had saved another one yet.
      await write(`${INDEX}/tenant`, index);
      expect(await mapOfFreshStart()).toEqual(await mapOfNodes());
      expect(registry.map.subscriptions()).toEqual(await mapOfNodes());
    }
    expect(registry.map.get('tenant', 'sharing')).toEqual({ ...NARROWED, entityTypes: ['TENANT'], delivery: 'paused' });
    expect(registry.map.size).toBe(OTHERS.length + 1);
  });

  it('is saved anew after a change', async () => {
    await indexed();
    const registry = await started();
    await registry.put({ ...NARROWED, entityTypes: ['TENANT'] });
    await waitFor(async () => (await read(`${INDEX}/tenant`))?.includes('TENANT'));
    await registry.stop();
    await falsify({ sharing: { heartbeats: true } });
    expect(await sharingOfFreshStart()).toEqual({ ...PLAIN, heartbeats: true });
  });

  it('does not hide a subscription that the Java manager has made', async () => {
    await indexed();
    await createPlain('tenant', 'of.java');
    expect(await mapOfFreshStart()).toContainEqual({ publisher: 'tenant', subscriber: 'of.java' });
  });

  it('gives a subscription that was deleted by hand and made anew no filter of before', async () => {
    await indexed();
    await remove(`${MAP}/tenant/sharing`);
    await createPlain('tenant', 'sharing');
    expect(await sharingOfFreshStart()).toEqual(PLAIN);
  });

  it('does not take a publisher that was deleted and made anew, in as many changes, for the one before', async () => {
    const make = async (sharing: string) => {
      await createPublisher('tenant');
      await create(`${MAP}/tenant/sharing`, sharing);
      await write(`${MAP}/tenant`, 'tenant');
      const { stat } = (await readWithStat(`${MAP}/tenant`)) as { stat: Stat };
      return [stat.version, stat.cversion];
    };
    await create(MAP, '');
    const before = await make('{"subscriber":"sharing","entityTypes":["GROUP"]}');
    await indexAnew();
    expect(await sharingOfFreshStart()).toEqual(NARROWED);
    await removePublisher('tenant');
    expect(await make('sharing')).toEqual(before);
    expect(await sharingOfFreshStart()).toEqual(PLAIN);
  });

  it('is passed over if it can’t be understood, and replaced', async () => {
    await indexed();
    for (const garbage of ['', 'tenant', '{"format":1,"label":', '[]']) {
      await write(`${INDEX}/tenant`, garbage);
      const registry = await started();
      expect(registry.map.get('tenant', 'sharing')).toEqual(NARROWED);
      await waitFor(async () => (await read(`${INDEX}/tenant`)) !== garbage);
      await registry.stop();
    }
  });

  it('is passed over if it can’t be read, and nothing is lost if it can’t be saved', async () => {
    await create(MAP, '');
    await createPublisher('tenant');
    await create(INDEX, '');
    await create(`${INDEX}/tenant`, 'secret', Permission.WRITE);
    const warnings: object[] = [];
    const registry = await started({ ...SILENT_LOG, warn: (details) => warnings.push(details) });
    expect(registry.map.size).toBe(OTHERS.length);
    await waitFor(() => warnings.length > 0);
    expect(warnings[0]).toMatchObject({ err: { code: 'MAP_UNAVAILABLE' }, publishers: 1 });
    expect(await registry.put(NARROWED)).toBe('created');
    expect(await sharingOfFreshStart()).toEqual(NARROWED);
    await remove(`${INDEX}/tenant`);
  });

  it('is none where it would be too large for a node', async () => {
    await create(MAP, '');
    await createPublisher('tenant');
    for (const subscriber of ['a', 'b', 'c']) {
      const entityTypes = ['GROUP'];
      const node = { subscriber, entityTypes, ofANewerManager: 'x'.repeat(200_000) };
      await create(`${MAP}/tenant/${subscriber}`, JSON.stringify(node));
    }
    const notes: string[] = [];
    const registry = await started({ ...SILENT_LOG, debug: (_details, message) => notes.push(message) });
    await waitFor(() => notes.includes('too large for an index'));
    expect(registry.map.get('tenant', 'b')?.entityTypes).toEqual(['GROUP']);
    expect(await read(`${INDEX}/tenant`)).toBeUndefined();
  });

  it('goes when its publisher goes', async () => {
    await indexed();
    const registry = await started();
    await removePublisher('tenant');
    await waitFor(async () => (await read(`${INDEX}/tenant`)) === undefined);
    expect(registry.map.size).toBe(0);
  });

  it('never shows another map than the nodes do, whoever changes it, and whenever managers start', async () => {
    const publisher = fc.constantFrom('tenant', 'user.profile');
    const subscriber = fc.constantFrom('sharing', 'registry', 'audit');
    const entityTypes = fc.option(fc.uniqueArray(fc.constantFrom(...ENTITY_TYPES), { minLength: 1, maxLength: 2 }), {
      nil: undefined,
    });
    const kind = fc.constantFrom(
      ...(['put', 'pause', 'remove', 'of-java', 'delete', 'make-plain', 'index', 'start'] as const),
    );
    const steps = fc.array(fc.record({ kind, publisher, subscriber, entityTypes }), { minLength: 4, maxLength: 16 });

    const ignored = () => {};
    await create(MAP, '');
    for (const one of ['tenant', 'user.profile']) await createPublisher(one);
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        // Two that run all the time, and save while the others go on.
        let registry = await started();
        await started();
        for (const { kind, ...subscription } of sequence) {
          const { publisher, subscriber } = subscription;
          const path = `${MAP}/${publisher}/${subscriber}`;
          if (kind === 'put') await registry.put(subscription);
          else if (kind === 'pause') {
            await registry.update(publisher, subscriber, (present) => ({ ...present, delivery: 'paused' }));
          } else if (kind === 'remove') await registry.remove(publisher, subscriber);
          else if (kind === 'of-java') await createPlain(publisher, subscriber).catch(ignored);
          else if (kind === 'delete') await remove(path).catch(ignored);
          else if (kind === 'make-plain') {
            await remove(path).catch(ignored);
            await createPlain(publisher, subscriber);
          } else if (kind === 'index') {
            await indexAnew(['tenant', 'user.profile']);
            registry = await started();
          } else expect(await mapOfFreshStart()).toEqual(await mapOfNodes());
        }
        expect(await mapOfFreshStart()).toEqual(await mapOfNodes());
        await stopAll();
      }),
      { numRuns: 25, endOnFailure: true },
    );
  }, 60_000);
});

type Callback<Result> = (error: Error | Exception | null, result: Result) => void;

function done<Result>(act: (callback: Callback<Result>) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    act((error, result) => (error === null || error === undefined ? resolve(result) : reject(error)));
  });
}
