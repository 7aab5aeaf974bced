import { DbEventError } from '@dbem/db-event';
import { type INestApplication, Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Broker } from '../broker.port';
import { RequestServer, type RequestServerOptions } from './request-server';

/**
 * The strategies by which this application answers requests; modules add theirs while they are built. Nest lets only `main` connect
 * a strategy, so `connectRequests(app)` does it there; whoever forgets it is told at the start.
 *
 *   building (add) -connect-> connected -onApplicationBootstrap-> answering -Nest closes each strategy-> stopped
 */
@Injectable()
export class RequestServers implements OnModuleInit, OnApplicationBootstrap {
  private readonly servers: RequestServer[] = [];
  private isConnected = false;

  constructor(private readonly broker: Broker) {}

  /** @throws DbEventError CONFIGURATION_INVALID for a second one of a role: Nest would bind the methods of both to each. */
  add(options: RequestServerOptions): void {
    const server = new RequestServer(this.broker, options);
    if (this.servers.some(({ transportId }) => transportId === server.transportId)) {
      throw new DbEventError('CONFIGURATION_INVALID', `An application answers as one ${options.role} only`);
    }
    this.servers.push(server);
  }

  connect(app: INestApplication): void {
    if (this.isConnected) return;
    for (const strategy of this.servers) app.connectMicroservice({ strategy });
    this.isConnected = true;
  }

  /** All queues of requests are consumed. */
  get areAttached(): boolean {
    return this.servers.every(({ isAttached }) => isAttached);
  }

  onModuleInit(): void {
    if (this.isConnected || this.servers.length === 0) return;
    const queues = this.servers.map(({ queue }) => queue).join(', ');
    throw new DbEventError(
      'CONFIGURATION_INVALID',
      `Nothing would answer the event manager’s requests (${queues}). In main, before \`app.listen\` or \`app.init\`, write:\n` +
        "  connectRequests(app); // import { connectRequests } from '@dbem/transport'",
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.start()));
  }
}
