import { DbEventError } from '@dbem/db-event';
import { type INestApplication, Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { Broker } from '../broker.port';
import { RequestServer, type RequestServerOptions } from './request-server';

/** A transport strategy that consumes requests from one queue. */
export interface RequestStrategy extends CustomTransportStrategy {
  readonly transportId: symbol;
  readonly queue: string;
  /** Its consumer is registered at the broker. */
  readonly isRegistered: boolean;
}

/**
 * The transport strategies by which this application answers requests. Modules add theirs in their constructors. Nest
 * can only connect strategies to the application in `main`, which calls `connectRequests(app)`; without that call the
 * start fails.
 *
 *   building (add) -connect-> connected -onApplicationBootstrap-> answering -Nest closes each strategy-> stopped
 */
@Injectable()
export class RequestServers implements OnModuleInit, OnApplicationBootstrap {
  private readonly strategies: RequestStrategy[] = [];
  private readonly servers: RequestServer[] = [];
  private isConnected = false;

  constructor(private readonly broker: Broker) {}

  /** Answers the event manager's requests to a service. @throws as `addStrategy` */
  add(options: RequestServerOptions): void {
    const server = new RequestServer(this.broker, options);
    this.addStrategy(server);
    this.servers.push(server);
  }

  /**
   * Adds a strategy that its own module starts.
   *
   * @throws DbEventError CONFIGURATION_INVALID for a second strategy with the same transport id: Nest would bind the
   *   methods of both to each of them.
   */
  addStrategy(strategy: RequestStrategy): void {
    const other = this.strategies.find(({ transportId }) => transportId === strategy.transportId);
    if (other !== undefined) {
      throw new DbEventError(
        'CONFIGURATION_INVALID',
        `Two request servers of one application have the same role: queues ${other.queue} and ${strategy.queue}. Remove one`,
      );
    }
    this.strategies.push(strategy);
  }

  connect(app: INestApplication): void {
    if (this.isConnected) return;
    for (const strategy of this.strategies) app.connectMicroservice({ strategy });
    this.isConnected = true;
  }

  /** All request queues have a registered consumer. */
  get areRegistered(): boolean {
    return this.strategies.every(({ isRegistered }) => isRegistered);
  }

  onModuleInit(): void {
    if (this.isConnected || this.strategies.length === 0) return;
    const queues = this.strategies.map(({ queue }) => queue).join(', ');
    throw new DbEventError(
      'CONFIGURATION_INVALID',
      `Requests would not be answered (queues: ${queues}). In main, before \`app.listen\` or \`app.init\`, add:\n` +
        "  connectRequests(app); // import { connectRequests } from '@dbem/transport'",
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.start()));
  }
}
