import {
  InMemorySubscriptionRegistry,
  InMemorySubscriptionStore,
  ZooKeeperSubscriptionRegistry,
} from '@dbem/subscription-registry';
import { freshZooKeeperRoot } from '../support/servers/fresh-zookeeper-root';
import { describeExpiry } from './expiry.contract';
import { describeSubscriptionRegistry, type RegistryHarness } from './subscription-registry.contract';

const ADAPTERS: [string, () => Promise<RegistryHarness>, number][] = [
  [
    'InMemorySubscriptionRegistry',
    async () => {
      const store = new InMemorySubscriptionStore();
      return { makeRegistry: () => new InMemorySubscriptionRegistry(store), tearDown: async () => {} };
    },
    200,
  ],
  [
    'ZooKeeperSubscriptionRegistry',
    async () => {
      const { connectString, drop } = await freshZooKeeperRoot();
      return { makeRegistry: () => new ZooKeeperSubscriptionRegistry({ connectString }), tearDown: drop };
    },
    15,
  ],
];

for (const [name, setUp, runs] of ADAPTERS) {
  describeSubscriptionRegistry(name, setUp, runs);
  describeExpiry(name, setUp);
}
