import { randomUUID } from 'node:crypto';
import { type Client, createClient, Exception } from 'node-zookeeper-client';
import { inject } from 'vitest';

export interface FreshZooKeeperRoot {
  /** host:port/chroot; the chroot exists. */
  readonly connectString: string;
  /** A client below that root, of somebody else: an old manager, say. */
  readonly client: Client;
  /** @param credentials user:password of managers that have closed their nodes */
  drop(credentials?: string): Promise<void>;
}

/** A part of ZooKeeper's tree of one's own. */
export async function freshZooKeeperRoot(): Promise<FreshZooKeeperRoot> {
  const root = `/test-${randomUUID()}`;
  const maker = await connected(inject('zooKeeperConnect'));
  await new Promise<void>((resolve, reject) => {
    maker.mkdirp(root, (error) => (error ? reject(error) : resolve()));
  });
  maker.close();
  const connectString = `${inject('zooKeeperConnect')}${root}`;
  const client = await connected(connectString);
  return {
    connectString,
    client,
    drop: async (credentials) => {
      client.close();
      // Not one that has been idle since the start: it may be between two connections at the moment.
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
      // A member's node goes by itself with its session.
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
