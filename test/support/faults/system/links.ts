import type { AppName } from '../../../../tools/apps/app-process';
import { TcpProxy } from '../../network/tcp-proxy';
import { ADMIN_TOKEN } from '../admin-token';
import type { ServerName } from './own-servers';
import type { Realm, Service } from './realm';

/** Environment variables of an app. */
export type Environment = Readonly<Record<string, string>>;

/** `profile`: the first instance. `profile 2`: the second. */
export type Instance = AppName | `${AppName} ${number}`;

export function appOf(instance: Instance): AppName {
  return instance.split(' ')[0] as AppName;
}

/** A proxy between each instance and each of its servers. */
export class Links {
  private readonly proxies = new Map<string, TcpProxy>();

  constructor(private readonly realm: Realm) {}

  get(instance: Instance, server: ServerName): TcpProxy {
    const proxy = this.proxies.get(`${instance} ${server}`);
    if (proxy === undefined) throw new Error(`${instance} has no link to ${server}`);
    return proxy;
  }

  /** Opens the links of the instance that are not open yet. */
  async open(instance: Instance): Promise<void> {
    const app = appOf(instance);
    for (const server of ['RabbitMQ', app === 'event-manager' ? 'ZooKeeper' : 'PostgreSQL'] as const) {
      const name = `${instance} ${server}`;
      if (this.proxies.has(name)) continue;
      const { hostname, port } = this.urlOf(app, server);
      this.proxies.set(name, await TcpProxy.start({ host: hostname, port: Number(port) }));
    }
  }

  /** The environment with which the instance connects over its links. */
  environmentOf(instance: Instance): Environment {
    const AMQP_URL = this.through(instance, 'RabbitMQ').href;
    if (appOf(instance) !== 'event-manager') {
      return { AMQP_URL, DATABASE_URL: this.through(instance, 'PostgreSQL').href };
    }
    const { host, pathname } = this.through(instance, 'ZooKeeper');
    // Tests poll the admin API.
    return { AMQP_URL, ZOOKEEPER_CONNECT: `${host}${pathname}`, ADMIN_TOKEN, ADMIN_RATE_LIMIT: '100000' };
  }

  /** Ends all faults. */
  restore(): void {
    for (const proxy of this.proxies.values()) proxy.restore();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.proxies.values()].map((proxy) => proxy.stop()));
  }

  private through(instance: Instance, server: ServerName): URL {
    const url = this.urlOf(appOf(instance), server);
    url.host = `127.0.0.1:${this.get(instance, server).port}`;
    return url;
  }

  private urlOf(app: AppName, server: ServerName): URL {
    if (server === 'RabbitMQ') return new URL(this.realm.amqpUrl);
    if (server === 'ZooKeeper') return new URL(`zookeeper://${this.realm.zooKeeperConnect}`);
    return new URL(this.realm.database(app as Service).url);
  }
}
