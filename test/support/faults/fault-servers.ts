import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PrivatePostgres } from '../../../tools/servers/private-postgres';
import { PrivateRabbitMq } from '../../../tools/servers/private-rabbitmq';
import { PrivateZooKeeper } from '../../../tools/servers/private-zookeeper';

const LOCAL = fileURLToPath(new URL('../../../.local', import.meta.url));

/** Servers that can be killed: one set a spec file. */
export class FaultServers {
  private constructor(
    readonly rabbitMq: PrivateRabbitMq,
    readonly zooKeeper: PrivateZooKeeper,
    readonly postgres: PrivatePostgres,
    private readonly folder: string,
  ) {}

  static async start(): Promise<FaultServers> {
    const folder = `${LOCAL}/fault-${randomUUID().slice(0, 8)}`;
    const [rabbitMq, zooKeeper, postgres] = await Promise.all([
      PrivateRabbitMq.start(`${folder}/rabbitmq`),
      PrivateZooKeeper.start(`${folder}/zookeeper`),
      PrivatePostgres.start(`${folder}/postgres`),
    ]);
    return new FaultServers(rabbitMq, zooKeeper, postgres, folder);
  }

  portOf(server: ServerName): number {
    if (server === 'RabbitMQ') return this.rabbitMq.port;
    return server === 'ZooKeeper' ? this.zooKeeper.port : this.postgres.port;
  }

  /** Ends it in good order, until `restart`: killed, RabbitMQ may forget a virtual host that is only just there. */
  async takeAway(server: ServerName): Promise<void> {
    if (server === 'ZooKeeper') await this.zooKeeper.stop();
    else await (server === 'RabbitMQ' ? this.rabbitMq : this.postgres).stopGently();
  }

  async restart(server: ServerName): Promise<void> {
    await this.named(server).restart();
  }

  async stop(): Promise<void> {
    await Promise.all([this.rabbitMq.stop(), this.zooKeeper.stop(), this.postgres.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private named(server: ServerName) {
    if (server === 'RabbitMQ') return this.rabbitMq;
    return server === 'ZooKeeper' ? this.zooKeeper : this.postgres;
  }
}

export type ServerName = 'RabbitMQ' | 'ZooKeeper' | 'PostgreSQL';
