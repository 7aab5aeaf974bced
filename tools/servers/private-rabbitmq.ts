import { PortMapper } from './rabbitmq/port-mapper';
import { type PreparedServer, prepareServer, type RabbitMqOptions } from './rabbitmq/prepare-server';
import { RabbitMqNode } from './rabbitmq/rabbitmq-node';

/** A RabbitMQ server with its management API, on its own ports. */
export class PrivateRabbitMq extends RabbitMqNode {
  private constructor(
    server: PreparedServer,
    private readonly portMapper: PortMapper,
  ) {
    super(server);
  }

  static async start(folder: string, options: RabbitMqOptions = {}): Promise<PrivateRabbitMq> {
    const portMapper = await PortMapper.start(folder);
    const rabbitMq = new PrivateRabbitMq(await prepareServer(folder, portMapper, options), portMapper);
    await rabbitMq.restart();
    return rabbitMq;
  }

  /** Starts the server again after `kill` or `stopGently`, on the same ports and data. */
  async restart(): Promise<void> {
    await this.start();
  }

  /** Shuts the server down cleanly and starts it again. */
  async restartGently(): Promise<void> {
    await this.stopGently();
    await this.restart();
  }

  async stop(): Promise<void> {
    await this.stopGently();
    await this.portMapper.stop();
  }
}
