import { type Client, createClient, type Exception } from 'node-zookeeper-client';

const WIDTH = 200;

export interface SeededSubscription {
  readonly publisher: string;
  readonly subscriber: string;
}

/** Creates the root of a subscription map in ZooKeeper. @returns its connect string. */
export async function createMapRoot(connectString: string, root: string): Promise<string> {
  await withClient(connectString, (client) => create(client, root));
  return `${connectString}${root}`;
}

/** Writes subscriptions in the layout of the map, before any event manager runs. */
export async function seedMap(connectString: string, subscriptions: readonly SeededSubscription[]): Promise<void> {
  await withClient(connectString, async (client) => {
    await create(client, '/db-event-mgr', '');
    for (const publisher of new Set(subscriptions.map((subscription) => subscription.publisher))) {
      await create(client, `/db-event-mgr/${publisher}`, publisher);
    }
    const queue = subscriptions.values();
    await Promise.all(
      Array.from({ length: WIDTH }, async () => {
        for (const { publisher, subscriber } of queue) {
          await create(client, `/db-event-mgr/${publisher}/${subscriber}`, subscriber);
        }
      }),
    );
  });
}

async function withClient(connectString: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = createClient(connectString);
  try {
    await new Promise<void>((resolve) => {
      client.once('connected', resolve);
      client.connect();
    });
    await work(client);
  } finally {
    client.close();
  }
}

function create(client: Client, path: string, data = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    client.create(path, Buffer.from(data), (error: Error | Exception | null) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
