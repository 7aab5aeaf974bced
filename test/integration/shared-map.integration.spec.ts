import { ENTITY_TYPES, type Subscription } from '@dbem/db-event';
import { SILENT_LOG } from '@dbem/runtime';
import {
  InMemorySubscriptionRegistry,
  InMemorySubscriptionStore,
  MapRollout,
  RolloutChannel,
  type SubscriptionRegistry,
  ZooKeeperSubscriptionRegistry,
} from '@dbem/subscription-registry';
import { type Consumption, InMemoryBroker, MANAGER_QUEUE } from '@dbem/transport';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TcpProxy } from '../support/network/tcp-proxy';
import { freshZooKeeperRoot } from '../support/servers/fresh-zookeeper-root';
import { waitFor } from '../support/waiting/wait-for';

const MANAGERS = 3;

/** A store of the map; `lose` and `regain` end and restore one manager's session with it. */
interface Store {
  makeRegistry(): Promise<{ registry: SubscriptionRegistry; lose(): Promise<void>; regain(): Promise<void> }>;
  tearDown(): Promise<void>;
}

const STORES: Record<string, { runs: number; setUp: () => Promise<Store> }> = {
  memory: {
    runs: 60,
    setUp: async () => {
      const store = new InMemorySubscriptionStore();
      return {
        makeRegistry: async () => {
          const registry = new InMemorySubscriptionRegistry(store);
          return { registry, lose: async () => registry.expireSession(), regain: async () => registry.renewSession() };
        },
        tearDown: async () => {},
      };
    },
  },
  ZooKeeper: {
    runs: 4,
    setUp: async () => {
      const root = await freshZooKeeperRoot();
      const [address = '', chroot] = root.connectString.split('/');
      const proxies: TcpProxy[] = [];
      return {
        makeRegistry: async () => {
          const proxy = await TcpProxy.start({ host: '127.0.0.1', port: Number(address.split(':')[1]) });
          proxies.push(proxy);
          const registry = new ZooKeeperSubscriptionRegistry({
            connectString: `127.0.0.1:${proxy.port}/${chroot}`,
            sessionTimeoutMs: 1_000,
          });
          return {
            registry,
            lose: async () => {
              proxy.cut();
              await waitFor(() => registry.health().status !== 'ready');
            },
            regain: async () => {
              proxy.restore();
              await waitFor(() => registry.health().status === 'ready');
            },
          };
        },
        tearDown: async () => {
          await Promise.all(proxies.map((proxy) => proxy.stop()));
          await root.drop();
        },
      };
    },
  },
};

/** The parts of a manager that the map needs: registry, rollout, and a consumer of events. */
class Manager {
  readonly consumption: Consumption;
  readonly rollout: MapRollout;

  constructor(
    broker: InMemoryBroker,
    readonly registry: SubscriptionRegistry,
    readonly lose: () => Promise<void>,
    readonly regain: () => Promise<void>,
  ) {
    this.rollout = new MapRollout(registry, broker, new RolloutChannel(broker, SILENT_LOG), SILENT_LOG);
    this.consumption = broker.consume(MANAGER_QUEUE, async () => {});
    this.rollout.setRegistration(() => this.consumption.registration?.toString());
  }

  async start(): Promise<void> {
    await this.registry.start();
    await this.rollout.start();
    await waitFor(() => this.rollout.isCurrent && this.consumption.isRegistered);
  }

  async stop(): Promise<void> {
    await this.consumption.stop();
    await this.rollout.stop();
    await this.registry.stop();
  }

  /** Undefined if the change is rejected, as it must be while it can't be made durable and rolled out to all. */
  async change({ publisher, subscriber, entityTypes }: Subscription, isRemoval: boolean): Promise<true | undefined> {
    try {
      if (isRemoval) await this.registry.remove(publisher, subscriber);
      else await this.registry.put({ publisher, subscriber, entityTypes });
      await this.rollout.rollOut(publisher);
      return true;
    } catch (error) {
      expect(['MAP_UNAVAILABLE', 'ROLLOUT_TIMEOUT']).toContain((error as { code?: string }).code);
      return undefined;
    }
  }
}

const change = fc.record({
  kind: fc.constant('change' as const),
  publisher: fc.constantFrom('a', 'b.c'),
  subscriber: fc.constantFrom('s', 't'),
  entityTypes: fc.option(fc.uniqueArray(fc.constantFrom(...ENTITY_TYPES), { minLength: 1, maxLength: 2 }), {
    nil: undefined,
  }),
  isRemoval: fc.boolean(),
});
const session = fc.oneof(fc.constant({ kind: 'lose' as const }), fc.constant({ kind: 'regain' as const }));
/** The steps of each manager, in sequence; the managers run concurrently. */
const schedule = fc.tuple(
  ...Array.from({ length: MANAGERS }, () =>
    fc.array(fc.oneof({ weight: 3, arbitrary: change }, { weight: 1, arbitrary: session }), { maxLength: 6 }),
  ),
);

describe.each(Object.entries(STORES))('the map that several managers share through %s', (_name, { runs, setUp }) => {
  it('A change of the shared map succeeds only when all managers that consume events route by it, and all maps are equal at the end', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async (sequences) => {
        const store = await setUp();
        const broker = new InMemoryBroker();
        await broker.start();
        await broker.topology.declareQueue({ name: MANAGER_QUEUE, kind: 'quorum' });
        const managers: Manager[] = [];
        for (let index = 0; index < MANAGERS; index += 1) {
          const { registry, lose, regain } = await store.makeRegistry();
          managers.push(new Manager(broker, registry, lose, regain));
        }
        try {
          await Promise.all(managers.map((manager) => manager.start()));
          await Promise.all(sequences.map((steps, index) => play(managers, index, steps)));
          await expectEqualMaps(managers);
        } finally {
          await Promise.all(managers.map((manager) => manager.stop()));
          await broker.stop();
          await store.tearDown();
        }
      }),
      { numRuns: runs, endOnFailure: true },
    );
  }, 240_000);
});

type Step = { kind: 'lose' } | { kind: 'regain' } | (Subscription & { kind: 'change'; isRemoval: boolean });

/**
 * Each manager changes only its own subscriptions, so that a confirmed change holds until the same manager changes it.
 */
async function play(managers: readonly Manager[], index: number, steps: readonly Step[]): Promise<void> {
  const manager = managers[index] as Manager;
  for (const step of steps) {
    if (step.kind === 'lose') await manager.lose();
    else if (step.kind === 'regain') await manager.regain();
    else if (step.kind === 'change') {
      const subscription = { ...step, subscriber: `${step.subscriber}.${index}` };
      if ((await manager.change(subscription, step.isRemoval)) === undefined) continue;
      for (const { registry } of managers) {
        const found = registry.map.get(subscription.publisher, subscription.subscriber);
        if (step.isRemoval) expect(found).toBeUndefined();
        else expect(found).toMatchObject({ subscriber: subscription.subscriber });
        if (!step.isRemoval) expect(found?.entityTypes).toEqual(step.entityTypes && [...step.entityTypes].sort());
      }
    }
  }
}

async function expectEqualMaps(managers: readonly Manager[]): Promise<void> {
  await Promise.all(managers.map((manager) => manager.regain()));
  await Promise.all(managers.map(({ registry }) => registry.refresh()));
  const maps = managers.map(({ registry }) => JSON.stringify(registry.map.subscriptions()));
  expect(new Set(maps).size).toBe(1);
}
