import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DISPOSABLE, PrivatePostgres } from '../../../../tools/servers/private-postgres';
import { PrivateRabbitMq } from '../../../../tools/servers/private-rabbitmq';
import { PrivateZooKeeper } from '../../../../tools/servers/private-zookeeper';

const STARTS = {
  RabbitMQ: (folder: string) => PrivateRabbitMq.start(folder),
  ZooKeeper: (folder: string) => PrivateZooKeeper.start(folder),
  PostgreSQL: (folder: string) => PrivatePostgres.start(folder, { settings: DISPOSABLE }),
};

export type ServerName = keyof typeof STARTS;

/** The servers by name. */
export type Servers = { readonly [Name in ServerName]: Awaited<ReturnType<(typeof STARTS)[Name]>> };

/** Servers for one spec file only, which may kill or reconfigure them. Each costs several seconds of CPU time. */
export class OwnServers {
  private constructor(
    private readonly servers: Partial<Servers>,
    private readonly folder: string,
  ) {}

  static async start(names: readonly ServerName[]): Promise<OwnServers> {
    const folder = fileURLToPath(new URL(`../../../../.local/fault-${randomUUID().slice(0, 8)}`, import.meta.url));
    const started = names.map(async (name) => [name, await STARTS[name](`${folder}/${name}`)] as const);
    return new OwnServers(Object.fromEntries(await Promise.all(started)) as Partial<Servers>, folder);
  }

  /** Undefined if the server was not started. */
  get<Name extends ServerName>(name: Name): Servers[Name] | undefined {
    return (this.servers as Servers)[name];
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.servers).map((server) => server.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
