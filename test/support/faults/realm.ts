import { randomUUID } from 'node:crypto';
import { createClient } from 'node-zookeeper-client';
import type { FaultServers } from './fault-servers';

/** A virtual host, a part of ZooKeeper's tree and databases of one's own: where nothing has ever run. */
export interface Realm {
  /** '' or /name, as it stands in an AMQP URL. */
  readonly vhostPath: string;
  /** '' or /name. */
  readonly chroot: string;
  readonly databases: Readonly<Record<'profile' | 'sharing' | 'registry', string>>;
}

export async function freshRealm({ rabbitMq, zooKeeper, postgres }: FaultServers): Promise<Realm> {
  const name = randomUUID().slice(0, 8);
  const databases = { profile: `profile_${name}`, sharing: `sharing_${name}`, registry: `registry_${name}` };
  await Promise.all([
    createVhost(rabbitMq.managementUrl, name),
    createRoot(zooKeeper.connectString, `/${name}`),
    createDatabases(postgres, Object.values(databases)),
  ]);
  return { vhostPath: `/${name}`, chroot: `/${name}`, databases };
}

/** One after the other: PostgreSQL copies them from one template. */
async function createDatabases(postgres: FaultServers['postgres'], names: readonly string[]): Promise<void> {
  for (const name of names) await postgres.createDatabase(name);
}

async function createVhost(managementUrl: string, name: string): Promise<void> {
  const url = new URL(managementUrl);
  const headers = {
    authorization: `Basic ${btoa(`${url.username}:${url.password}`)}`,
    'content-type': 'application/json',
  };
  const put = async (path: string, body: object) => {
    const response = await fetch(`http://${url.host}${path}`, { method: 'PUT', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`PUT ${path} answered ${response.status}`);
  };
  await put(`/api/vhosts/${name}`, {});
  await put(`/api/permissions/${name}/guest`, { configure: '.*', write: '.*', read: '.*' });
}

async function createRoot(connectString: string, path: string): Promise<void> {
  const client = createClient(connectString);
  const connected = new Promise<void>((resolve) => client.once('connected', () => resolve()));
  client.connect();
  await connected;
  await new Promise<void>((resolve, reject) => {
    client.mkdirp(path, (error) => (error ? reject(error) : resolve()));
  });
  client.close();
}
