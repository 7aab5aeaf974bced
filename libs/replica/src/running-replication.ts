import { Readiness } from '@dbem/runtime';
import { Broker, RequestServers, StatusReporter } from '@dbem/transport';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
  Optional,
} from '@nestjs/common';
import { Registry } from 'prom-client';
import { RegisteredHandlers } from './handlers/registered-handlers';
import { Replication } from './replication';
import { REPLICATION_OPTIONS, type ReplicationOptions } from './replication-options';

/** The application's `Replication`, made of the handlers found among its providers; starts and stops with it. */
@Injectable()
export class RunningReplication implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private made: Replication | undefined;

  constructor(
    @Inject(REPLICATION_OPTIONS) private readonly options: ReplicationOptions,
    private readonly broker: Broker,
    private readonly handlers: RegisteredHandlers,
    private readonly reporter: StatusReporter,
    requests: RequestServers,
    @Optional() private readonly metrics?: Registry,
    @Optional() private readonly readiness?: Readiness,
  ) {
    const { service, log } = options;
    requests.add({ service, role: 'replica', ...(log !== undefined && { log }) });
  }

  get replication(): Replication {
    if (this.made === undefined) throw new Error('The handlers are known only once all modules are initialised');
    return this.made;
  }

  onModuleInit(): void {
    const { metrics, options } = this;
    this.made = new Replication(this.broker, this.handlers.table, {
      ...(metrics !== undefined && { metrics }),
      ...options,
    });
    this.reporter.add(options.service, this.made.status);
    this.readiness?.add('replication', () => ({
      isUp: this.replication.isReplicating,
      details: { subscriptions: this.replication.subscriptions.states },
    }));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.made?.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.made?.stop();
  }
}
