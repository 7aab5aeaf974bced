import { InMemoryRunStore, ZooKeeperRunStore } from '@dbem/reconcile';
import { freshZooKeeperRoot } from '../support/servers/fresh-zookeeper-root';
import { waitFor } from '../support/waiting/wait-for';
import { describeRunStore } from './run-store.contract';

describeRunStore('InMemoryRunStore', async () => {
  const store = new InMemoryRunStore();
  return { stores: [store, store], tearDown: async () => {} };
});

describeRunStore('ZooKeeperRunStore', async () => {
  const { connectString, drop } = await freshZooKeeperRoot();
  const stores: [ZooKeeperRunStore, ZooKeeperRunStore] = [
    new ZooKeeperRunStore({ connectString }),
    new ZooKeeperRunStore({ connectString }),
  ];
  for (const store of stores) {
    await store.start();
    await waitFor(() =>
      store.list().then(
        () => true,
        () => false,
      ),
    );
  }
  return {
    stores,
    tearDown: async () => {
      await Promise.all(stores.map((store) => store.stop()));
      await drop();
    },
  };
});
