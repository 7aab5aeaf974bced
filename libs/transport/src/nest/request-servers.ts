import { DbEventError } from '@dbem/db-event';
import { type INestApplication, Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { Broker } from '../broker.port';
import { RequestServer, type RequestServerOptions } from './request-server';

/** A strategy that takes requests from one queue. */
export interface RequestStrategy extends CustomTransportStrategy {
  readonly transportId: symbol;
  readonly queue: string;
  /** The queue is consumed. */
  readonly isRegistered: boolean;
}

/**
 * The strategies by which this application answers requests; modules add theirs while they are built. Nest lets only `main` connect
 * a strategy, so `connectRequests(app)` does it there; whoever forgets it is told at the start.
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
   * Connects a strategy that its module starts, when it may.
   *
   * @throws DbEventError CONFIGURATION_INVALID for a second one of a transport: Nest would bind the methods of both to each.
   */
  addStrategy(strategy: RequestStrategy): void {
    const other = this.strategies.find(({ transportId }) => transportId === strategy.transportId);
    if (other !== undefined) {
      throw new DbEventError(
        'CONFIGURATION_INVALID',
        `An application answers in a role once only: from ${other.queue}, or from ${strategy.queue}`,
      );
    }
    this.strategies.push(strategy);
  }

  connect(app: INestApplication): void {
    if (this.isConnected) return;
    for (const strategy of this.strategies) app.connectMicroservice({ strategy });
    this.isConnected = true;
  }

  /** All queues of requests are consumed. */
  get areRegistered(): boolean {
    return this.strategies.every(({ isRegistered }) => isRegistered);
  }

  onModuleInit(): void {
    if (this.isConnected || this.strategies.length === 0) return;
    const queues = this.strategies.map(({ queue }) => queue).join(', ');
    throw new DbEventError(
      'CONFIGURATION_INVALID',
      `Nothing would answer requests (${queues}). In main, before \`app.listen\` or \`app.init\`, write:\n` +
        "  connectRequests(app); // import { connectRequests } from '@dbem/transport'",
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.start()));
  }
}
