import { randomUUID } from 'node:crypto';
import { type Client, createClient, Exception } from 'node-zookeeper-client';
import { inject } from 'vitest';

export interface FreshZooKeeperRoot {
  /** host:port/chroot; the chroot exists. */
  readonly connectString: string;
  /** A client below that root that is not one of the managers under test. */
  readonly client: Client;
  /** @param credentials user:password of managers that restrict access to their nodes */
  drop(credentials?: string): Promise<void>;
}

/** A new ZooKeeper chroot for one test file. */
export async function freshZooKeeperRoot(): Promise<FreshZooKeeperRoot> {
  const root = `/test-${randomUUID()}`;
  const creator = await connected(inject('zooKeeperConnect'));
  await new Promise<void>((resolve, reject) => {
    creator.mkdirp(root, (error) => (error ? reject(error) : resolve()));
  });
  creator.close();
  const connectString = `${inject('zooKeeperConnect')}${root}`;
  const client = await connected(connectString);
  return {
    connectString,
    client,
    drop: async (credentials) => {
      client.close();
      // A new client: one that has been idle since the start may be reconnecting.
      const remover = await connected(inject('zooKeeperConnect'));
      if (credentials !== undefined) remover.addAuthInfo('digest', Buffer.from(credentials));
      await removeTree(remover, root);
      remover.close();
    },
  };
}

async function connected(connectString: string): Promise<Client> {
  const client = createClient(connectString);
  await new Promise<void>((resolve) => {
    client.once('connected', resolve);
    client.connect();
  });
  return client;
}

async function removeTree(client: Client, path: string): Promise<void> {
  const children = await new Promise<string[]>((resolve, reject) => {
    client.getChildren(path, (error, names) => {
      // A member's node is deleted with its session.
      if (error instanceof Exception && error.getCode() === Exception.NO_NODE) resolve([]);
      else if (error instanceof Error) reject(error);
      else resolve(names);
    });
  });
  for (const child of children) await removeTree(client, `${path}/${child}`);
  await new Promise<void>((resolve, reject) => {
    client.remove(path, (error) => {
      if (error instanceof Exception && error.getCode() !== Exception.NO_NODE) reject(error);
      else resolve();
    });
  });
}
