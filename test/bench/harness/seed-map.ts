import { type Client, createClient, type Exception } from 'node-zookeeper-client';

const WIDTH = 200;

export interface SeededSubscription {
  readonly publisher: string;
  readonly subscriber: string;
  /** Default: all entity types. */
  readonly entityTypes?: readonly string[];
  /** Default: single messages. */
  readonly messageFormat?: number | undefined;
}

/** Creates the root of a subscription map in ZooKeeper. @returns its connect string */
export async function createMapRoot(connectString: string, root: string): Promise<string> {
  await withClient(connectString, (client) => create(client, root));
  return `${connectString}${root}`;
}

/**
 * Writes subscriptions as a manager does, including the update of the publisher's node. Call it before managers start.
 */
export async function seedMap(connectString: string, subscriptions: readonly SeededSubscription[]): Promise<void> {
  await withClient(connectString, async (client) => {
    await create(client, '/db-event-mgr', '');
    const publishers = new Set(subscriptions.map((subscription) => subscription.publisher));
    for (const publisher of publishers) await create(client, `/db-event-mgr/${publisher}`, publisher);
    const queue = subscriptions.values();
    await Promise.all(
      Array.from({ length: WIDTH }, async () => {
        for (const { publisher, ...node } of queue) {
          const { subscriber, entityTypes, messageFormat } = node;
          const isPlain = entityTypes === undefined && messageFormat === undefined;
          const data = isPlain ? subscriber : JSON.stringify(node);
          await create(client, `/db-event-mgr/${publisher}/${subscriber}`, data);
        }
      }),
    );
    for (const publisher of publishers) await touch(client, publisher);
  });
}

/** Number of publishers with an index. */
export async function countIndexes(connectString: string): Promise<number> {
  let count = 0;
  await withClient(connectString, async (client) => {
    count = await new Promise((resolve, reject) => {
      client.exists('/db-event-mgr-index', (error, stat) => {
        if (error) reject(error);
        else resolve(stat?.numChildren ?? 0);
      });
    });
  });
  return count;
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

function touch(client: Client, publisher: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.setData(`/db-event-mgr/${publisher}`, Buffer.from(publisher), (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
