import { Pool } from 'pg';
import { inject } from 'vitest';
import { freshDatabase } from '../../servers/fresh-database';
import { freshVhost } from '../../servers/fresh-vhost';
import { freshZooKeeperRoot } from '../../servers/fresh-zookeeper-root';
import type { OwnServers } from './own-servers';

export type Service = 'profile' | 'sharing' | 'registry';

/** A system's own part of each server: a vhost, a ZooKeeper chroot, a database for each service. */
export interface Realm {
  /** Includes the vhost. */
  readonly amqpUrl: string;
  readonly vhost: string;
  readonly managementUrl: string;
  /** Includes the chroot. */
  readonly zooKeeperConnect: string;
  readonly services: readonly Service[];
  /** @throws Error unless the service is one of `services`. */
  database(service: Service): Database;
  drop(): Promise<void>;
}

interface Database {
  readonly url: string;
  readonly pool: Pool;
  drop(): Promise<void>;
}

/**
 * On the shared servers, except for those in `servers`, which belong to this system alone.
 * @param isEmpty true: the databases have no schema, as if no service had ever run
 */
export async function makeRealm(servers: OwnServers, services: readonly Service[], isEmpty: boolean): Promise<Realm> {
  const [rabbitMq, zooKeeper] = [servers.get('RabbitMQ'), servers.get('ZooKeeper')];
  const [vhost, root, ...databases] = await Promise.all([
    rabbitMq === undefined ? freshVhost() : { amqpUrl: rabbitMq.amqpUrl, vhost: '/', drop: nothing },
    zooKeeper === undefined ? freshZooKeeperRoot() : { connectString: zooKeeper.connectString, drop: nothing },
    ...services.map(async (service) => [service, await makeDatabase(servers, service, isEmpty)] as const),
  ]);
  return {
    amqpUrl: vhost.amqpUrl,
    vhost: vhost.vhost,
    managementUrl: rabbitMq?.managementUrl ?? inject('managementUrl'),
    zooKeeperConnect: root.connectString,
    services,
    database: (service) => {
      const entry = databases.find(([name]) => name === service);
      if (entry === undefined) throw new Error(`${service} is not part of this system`);
      return entry[1];
    },
    drop: async () => {
      await Promise.all([vhost, root, ...databases.map(([, database]) => database)].map((part) => part.drop()));
    },
  };
}

async function makeDatabase(servers: OwnServers, service: Service, isEmpty: boolean): Promise<Database> {
  const postgres = servers.get('PostgreSQL');
  if (postgres === undefined) return freshDatabase(isEmpty ? undefined : service);
  const url = await postgres.createDatabase(service);
  const pool = new Pool({ connectionString: url, max: 4 });
  pool.on('error', () => {
    // These tests kill PostgreSQL; the queries report the error.
  });
  return { url, pool, drop: () => pool.end() };
}

/** Everything on a system's own server is deleted with the server. */
async function nothing(): Promise<void> {}
