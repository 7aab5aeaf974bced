import {
  InMemorySubscriptionRegistry,
  InMemorySubscriptionStore,
  ZooKeeperSubscriptionRegistry,
} from '@dbem/subscription-registry';
import { freshZooKeeperRoot } from '../support';
import { describeSubscriptionRegistry } from './subscription-registry.contract';

describeSubscriptionRegistry(
  'InMemorySubscriptionRegistry',
  async () => {
    const store = new InMemorySubscriptionStore();
    return { makeRegistry: () => new InMemorySubscriptionRegistry(store), tearDown: async () => {} };
  },
  200,
);

describeSubscriptionRegistry(
  'ZooKeeperSubscriptionRegistry',
  async () => {
    const { connectString, drop } = await freshZooKeeperRoot();
    return { makeRegistry: () => new ZooKeeperSubscriptionRegistry({ connectString }), tearDown: drop };
  },
  15,
);
